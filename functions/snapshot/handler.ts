import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { type Answer, type InvocationContext, urlHandler } from '../../shared/lambda/handler.ts';
import { lambdaRuntime } from '../../shared/lambda/runtime.ts';
import { isJsonObject } from '../../shared/lib/json.ts';
import { compile, snapshotApp } from './app.ts';
import { processEnvironment, readSnapshotSettings } from './config.ts';
import { Publisher, type PublishReport } from './publisher.ts';
import { storedMesh } from './stored-mesh.ts';

const { source, store, revision, ...runtimeSettings } = readSnapshotSettings(processEnvironment());
const runtime = lambdaRuntime(runtimeSettings);
const publisher = new Publisher({
  store,
  world: storedMesh({ source, revision, takesSecrets: store.secretBox !== undefined }),
  now: () => new Date(),
});
const overHttp = urlHandler({ ...runtime, app: snapshotApp({ ...runtime, publisher }) });

/** Lambda: a function URL (payload 2.0) with `/compile` and `/resolve`; any other event, of a schedule or of the bucket, compiles. */
export async function handler(event: unknown, context: InvocationContext): Promise<Answer | PublishReport> {
  if (isUrlEvent(event)) return overHttp(event, context);
  const start = runtime.now();
  runtime.requestLog.begin();
  try {
    return await compile({ ...runtime, publisher });
  } finally {
    runtime.requestLog.end({ id: context.awsRequestId, route: 'event', ms: Math.round(runtime.now() - start) });
  }
}

function isUrlEvent(event: unknown): event is LambdaFunctionURLEvent {
  return isJsonObject(event) && 'rawPath' in event;
}
