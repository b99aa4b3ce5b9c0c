import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { answerRefusal, answerReview, readAdmissionBody, redirectToCleanPath } from '../../shared/kube/admission-http.ts';
import { type AdmissionRequest, readReview, reviewAnswer, unreadableAnswer } from '../../shared/kube/admissionreview.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import type { HintSink } from '../../shared/sources/hint.ts';
import { hintOf, sendHint } from './hint.ts';
import { decideReview, type ReviewOutcome } from './review.ts';

export interface ValidateAppDependencies {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Hears of accepted changes. */
  readonly hints: HintSink;
}

/** The validating webhook: `/validate` and everything below it, any method, as istiod. Every request is answered, also where we are at fault. */
export function validateApp(dependencies: ValidateAppDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!redirectToCleanPath(request.url, response)) next();
  });
  app.use('/validate', (request: Request, response: Response) => validate(request, response, dependencies));
  app.use((_request: Request, response: Response) => answerRefusal(response, { status: 404, message: '404 page not found' }));
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => answerFault(error, response, dependencies.log));
  return app;
}

async function validate(request: Request, response: Response, dependencies: ValidateAppDependencies): Promise<void> {
  const read = await readAdmissionBody(request);
  if (read.kind === 'body') return review(read.body, response, dependencies);
  dependencies.metrics.count('galley_validation_http_error', { status: String(read.status) });
  answerRefusal(response, read);
}

function review(body: Buffer, response: Response, dependencies: ValidateAppDependencies): void {
  const read = readReview(body);
  if (!read.ok) {
    const message = `could not decode body: ${read.unreadable.message}`;
    // The message quotes the body, which is for its sender alone.
    dependencies.log.warn('validation review cannot be read', { bytes: body.length });
    return answerReview(response, unreadableAnswer({ ...read.unreadable, message }));
  }
  const outcome = decideReview(read.value);
  answerReview(response, reviewAnswer(read.value, outcome.decision));
  record(read.value, outcome, dependencies);
  const hint = outcome.decision.allowed ? hintOf(read.value) : undefined;
  if (hint !== undefined) sendHint(hint, dependencies);
}

/** Counts what Istio counts, which leaves out failed dry runs. */
function record(
  { resource, operation, namespace, name, dryRun }: AdmissionRequest,
  outcome: ReviewOutcome,
  deps: ValidateAppDependencies,
): void {
  const { decision, failure } = outcome;
  if (failure === undefined) deps.metrics.count('galley_validation_passed', resource);
  else if (!dryRun) deps.metrics.count('galley_validation_failed', { ...resource, reason: failure });
  if (decision.allowed) return;
  deps.log.info('configuration refused', { operation, resource: resource.resource, namespace, name, dryRun, reason: decision.message });
}

/** A bug of ours must not leave the API server waiting. */
function answerFault(error: unknown, response: Response, log: Logger): void {
  log.error('validation request failed', { error: ControlPlaneError.from(error) });
  if (response.headersSent) response.destroy();
  else answerRefusal(response, { status: 500, message: 'internal error' });
}
