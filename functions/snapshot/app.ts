import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { answerRefusal, readAdmissionBody } from '../../shared/kube/admission-http.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../shared/lib/json.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import type { Publisher, PublishReport } from './publisher.ts';

export interface SnapshotAppDependencies {
  readonly publisher: Publisher;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/**
 * `POST /compile` publishes the world as it is now; `POST /resolve` with `{"node": …}`, an xDS node as protobuf JSON, publishes a snapshot that has a class for the
 * node; `POST /seen` with `{"nodes": […]}` notes which classes are in use. All may be repeated at will. The answer of `/resolve` names nothing but the snapshot and the class: what is in them, callers read from the store.
 */
export function snapshotApp(dependencies: SnapshotAppDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.post('/compile', async (_request: Request, response: Response) => answerJson(response, 200, await compile(dependencies)));
  app.post('/seen', (request: Request, response: Response) => seen(request, response, dependencies));
  app.post('/resolve', (request: Request, response: Response) => resolve(request, response, dependencies));
  app.use((_request: Request, response: Response) => answerRefusal(response, { status: 404, message: '404 page not found' }));
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const known = ControlPlaneError.from(error);
    dependencies.log.error('nothing can be published now', { error: known });
    if (response.headersSent) response.destroy();
    else answerRefusal(response, { status: 500, message: error instanceof ControlPlaneError ? known.message : 'internal error' });
  });
  return app;
}

/** Publishes; for callers without a node, also those that are no HTTP. */
export async function compile({ publisher, log, metrics }: SnapshotAppDependencies): Promise<PublishReport> {
  const report = await publisher.publish();
  tell(report, { log, metrics });
  return report;
}

async function resolve(request: Request, response: Response, dependencies: SnapshotAppDependencies): Promise<void> {
  const body = await readAdmissionBody(request);
  if (body.kind === 'refused') return answerRefusal(response, body);
  const node = parsed(body.body)?.['node'];
  if (!isNode(node)) return answerRefusal(response, { status: 400, message: 'the body is no JSON object with a node that has an id' });
  const { publisher } = dependencies;
  const report = await publisher.want(node);
  tell(report, dependencies);
  const { manifest, result } = report;
  answerJson(response, 200, { result, manifest, class: publisher.classKey(node) });
}

async function seen(request: Request, response: Response, { publisher }: SnapshotAppDependencies): Promise<void> {
  const body = await readAdmissionBody(request);
  if (body.kind === 'refused') return answerRefusal(response, body);
  const nodes = parsed(body.body)?.['nodes'];
  if (!isJsonArray(nodes) || !nodes.every(isNode))
    return answerRefusal(response, { status: 400, message: 'the body is no JSON object with a list of nodes' });
  await publisher.seen(nodes);
  answerJson(response, 200, { seen: nodes.length });
}

function isNode(value: JsonValue | undefined): value is JsonObject {
  return isJsonObject(value) && typeof value['id'] === 'string';
}

function parsed(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A line for what was done, one for each problem, and the counts. */
function tell(
  { result, manifest, problems, counts }: PublishReport,
  { log, metrics }: Pick<SnapshotAppDependencies, 'log' | 'metrics'>,
): void {
  log.info('the mesh is compiled', { result, manifest, ...counts });
  for (const { severity, object, path, message } of problems)
    log.warn('the mesh has a problem', { severity, object, path, problem: message });
  metrics.count('pilotless_compiles_total', { result });
  for (const severity of ['error', 'warning'] as const) {
    metrics.set('pilotless_config_problems', problems.filter((problem) => problem.severity === severity).length, { severity });
  }
}

function answerJson(response: Response, status: number, value: object): void {
  const text = JSON.stringify(value);
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}
