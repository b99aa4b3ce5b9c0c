import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { PrometheusMetrics } from '../../shared/observe/prometheus.ts';

export interface MonitoringDependencies {
  readonly prometheus: PrometheusMetrics;
  /** False before everything listens and again while draining. */
  readonly isReady: () => boolean;
  /** Answers what follows `/debug/`. */
  readonly debug: (path: string) => Promise<Answer>;
  readonly build: Build;
  readonly log: Logger;
}

/** What `/version` tells. */
export interface Build {
  readonly version: string;
  readonly gitRevision: string;
  readonly status: string;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

type Endpoint = (dependencies: MonitoringDependencies) => Answer | Promise<Answer>;

/** What istiod serves on 15014 beside `/debug/…`: readiness, metrics, version. Plain HTTP, no secrets. */
const endpoints: Readonly<Record<string, Endpoint>> = {
  '/healthz/ready': ({ isReady }) => (isReady() ? text(200, 'ready\n') : text(503, 'not ready\n')),
  '/metrics': async ({ prometheus }) => ({ status: 200, ...(await prometheus.scrape()) }),
  // Istio compatibility: VERSION-REVISION-STATUS without a line end, as istioctl and Kiali parse it.
  '/version': ({ build }) => text(200, `${build.version}-${build.gitRevision}-${build.status}`),
};

export function monitoringHandler(dependencies: MonitoringDependencies): RequestListener {
  return (request, response) => void answer(request, response, dependencies);
}

async function answer(request: IncomingMessage, response: ServerResponse, dependencies: MonitoringDependencies): Promise<void> {
  const { status, contentType, body } = await answerOf(endpointOf(request.url ?? ''), dependencies);
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body);
}

const debugPrefix = '/debug/';

function endpointOf(url: string): Endpoint {
  if (url.startsWith(debugPrefix)) return ({ debug }) => debug(url.slice(debugPrefix.length));
  const [path = ''] = url.split('?');
  return (Object.hasOwn(endpoints, path) ? endpoints[path] : undefined) ?? notFound;
}

async function answerOf(endpoint: Endpoint, dependencies: MonitoringDependencies): Promise<Answer> {
  try {
    return await endpoint(dependencies);
  } catch (caught) {
    dependencies.log.error('monitoring request failed', { error: ControlPlaneError.from(caught) });
    return text(500, 'internal error\n');
  }
}

function notFound(): Answer {
  return text(404, '404 page not found\n');
}

function text(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}
