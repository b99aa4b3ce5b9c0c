import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import serverless from 'serverless-http';
import { jsonLinesLogger } from '../../shared/observe/log.ts';
import { noMetrics } from '../../shared/observe/metrics.ts';
import { validateApp } from './app.ts';
import { processEnvironment, readValidateSettings } from './config.ts';

const { logLevel } = readValidateSettings(processEnvironment());
const log = jsonLinesLogger({ write: (line) => void process.stdout.write(line), now: () => new Date(), level: logLevel });
const invoke = serverless(validateApp({ log, metrics: noMetrics }));

/** Lambda function URL (payload 2.0): the validating webhook. */
export async function handler(event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2> {
  // A request without a body has no `body` at all; serverless-http wants a text.
  return invoke({ ...event, body: event.body ?? '' }, context);
}
