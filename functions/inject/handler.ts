import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import serverless from 'serverless-http';
import { createInjector, loadInjectorConfig } from '../../shared/inject/index.ts';
import { invariant } from '../../shared/lib/error.ts';
import { jsonLinesLogger } from '../../shared/observe/log.ts';
import { noMetrics } from '../../shared/observe/metrics.ts';
import { type InjectAppDependencies, injectApp } from './app.ts';
import { processEnvironment, readFunctionSettings, templateHost } from './config.ts';
import { heldInjector } from './held-injector.ts';
import { storedSource } from './stored-source.ts';

const { inject: settings, logLevel, revision, store } = readFunctionSettings(processEnvironment());
const host = templateHost(processEnvironment());
const log = jsonLinesLogger({ write: (line) => void process.stdout.write(line), now: () => new Date(), level: logLevel });
const invoke = serverless(injectApp({ injector: injectorOfRequest(), log, metrics: noMetrics, now: () => performance.now() }));

/** From the store if there is one, else the built-in configuration. */
function injectorOfRequest(): InjectAppDependencies['injector'] {
  const { value: config } = loadInjectorConfig({ settings, host, revision });
  invariant(config, 'the built-in injection configuration can be read');
  const builtIn = createInjector(config);
  if (!store) return () => builtIn;
  const source = storedSource({ store, settings, host });
  return heldInjector({ source, builtIn, revision, log, nowMs: Date.now, timeout: (afterMs) => AbortSignal.timeout(afterMs) });
}

/** Lambda function URL (payload 2.0): the mutating webhook. */
export async function handler(event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2> {
  // A request without a body has no `body` at all; serverless-http wants a text.
  return invoke({ ...event, body: event.body ?? '' }, context);
}
