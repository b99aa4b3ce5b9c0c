import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import serverless from 'serverless-http';
import { createInjector, loadInjectorConfig } from '../../shared/inject/index.ts';
import { invariant } from '../../shared/lib/error.ts';
import { jsonLinesLogger } from '../../shared/observe/log.ts';
import { noMetrics } from '../../shared/observe/metrics.ts';
import { injectApp } from './app.ts';
import { processEnvironment, readFunctionSettings, templateHost } from './config.ts';

const { inject: settings, logLevel } = readFunctionSettings(processEnvironment());
const log = jsonLinesLogger({ write: (line) => void process.stdout.write(line), now: () => new Date(), level: logLevel });
const { value: config } = loadInjectorConfig({ settings, host: templateHost(processEnvironment()) });
invariant(config, 'the built-in injection configuration can be read');
const injector = createInjector(config);
const invoke = serverless(injectApp({ injector: () => injector, log, metrics: noMetrics, now: () => performance.now() }));

/** Lambda function URL (payload 2.0): the mutating webhook. */
export async function handler(event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2> {
  // A request without a body has no `body` at all; serverless-http wants a text.
  return invoke({ ...event, body: event.body ?? '' }, context);
}
