import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { InjectAnswer, Injector } from '../../shared/inject/index.ts';
import { answerRefusal, answerReview, readAdmissionBody, redirectToCleanPath } from '../../shared/kube/admission-http.ts';
import { type AdmissionRequest, readReview, reviewAnswer, unreadableAnswer } from '../../shared/kube/admissionreview.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import { isJsonObject, objectAt } from '../../shared/lib/json.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';

export interface InjectAppDependencies {
  /**
   * The injector of the configuration that holds now, of the revision that the pod names if it names one. Asked once a request, so that a request
   * sees one generation.
   */
  readonly injector: (revision?: string) => Injector | Promise<Injector>;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

/** The mutating webhook: `/inject` and everything below it, any method, as istiod. Every request is answered, also where we are at fault. */
export function injectApp(dependencies: InjectAppDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!redirectToCleanPath(request.url, response)) next();
  });
  app.use('/inject', (request: Request, response: Response) => answer(request, response, dependencies));
  app.use((_request: Request, response: Response) => answerRefusal(response, { status: 404, message: '404 page not found' }));
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    dependencies.log.error('injection request failed', { error: ControlPlaneError.from(error) });
    if (response.headersSent) response.destroy();
    else answerRefusal(response, { status: 500, message: 'internal error' });
  });
  return app;
}

async function answer(request: Request, response: Response, dependencies: InjectAppDependencies): Promise<void> {
  const { metrics, now } = dependencies;
  const path = decodedPath(request.originalUrl);
  if (path === undefined) return answerRefusal(response, { status: 400, message: 'the path is not percent-encoded UTF-8' });
  const start = now();
  metrics.count('sidecar_injection_requests_total');
  const read = await readAdmissionBody(request);
  if (read.kind === 'refused') {
    metrics.count('sidecar_injection_failure_total');
    return answerRefusal(response, read);
  }
  answerReview(response, await review(read.body, path, dependencies));
  metrics.count('sidecar_injection_success_total');
  metrics.observe('sidecar_injection_time_seconds', (now() - start) / 1000);
}

/** Undefined if it cannot be decoded. */
function decodedPath(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split('?', 1)[0] ?? '');
  } catch {
    return undefined;
  }
}

async function review(body: Buffer, path: string, { injector, log, metrics }: InjectAppDependencies): Promise<string> {
  const read = readReview(body);
  if (!read.ok) {
    const { unreadable } = read;
    metrics.count('sidecar_injection_failure_total');
    // The message quotes the body, which is for its sender alone.
    log.warn('injection review cannot be read', { bytes: body.length });
    return unreadableAnswer(unreadable);
  }
  const admission = read.value;
  const result = (await injector(revisionOf(admission.object))).inject({ object: admission.object, namespace: admission.namespace, path });
  record(result, admission, { log, metrics });
  if (result.kind === 'failed') return reviewAnswer(admission, { allowed: false, message: result.error });
  return reviewAnswer(admission, { allowed: true, ...(result.kind === 'injected' && { patch: result.patch }) });
}

/** Label `istio.io/rev`: a revision, or a tag that stands for one. */
function revisionOf(object: unknown): string | undefined {
  const labels = isJsonObject(object) ? objectAt(object['metadata'], 'labels') : {};
  const revision = labels['istio.io/rev'];
  return typeof revision === 'string' ? revision : undefined;
}

/** One line and one count for each decision; never the pod itself, which may hold what its user keeps to themselves. */
function record(
  result: InjectAnswer,
  { uid, namespace }: AdmissionRequest,
  { log, metrics }: Pick<InjectAppDependencies, 'log' | 'metrics'>,
): void {
  const reason = result.decision?.reason ?? 'unreadable-pod';
  metrics.count('pilotless_injection_decisions_total', { decision: result.kind, reason });
  if (result.kind === 'failed') {
    metrics.count('sidecar_injection_failure_total');
    // The message quotes annotations; the one who may read them gets it from the API server.
    log.warn('pod refused', { uid, namespace, reason });
    return;
  }
  if (result.kind === 'skipped') metrics.count('sidecar_injection_skip_total');
  log.info(result.kind === 'injected' ? 'pod injected' : 'pod left alone', { uid, namespace, reason });
}
