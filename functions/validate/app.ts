import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { answerRefusal, answerReview, readAdmissionBody, redirectToCleanPath } from '../../shared/kube/admission-http.ts';
import { readReview, reviewAnswer, unreadableAnswer } from '../../shared/kube/admissionreview.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';

export interface ValidateAppDependencies {
  readonly log: Logger;
  readonly metrics: Metrics;
}

/**
 * The validating webhook: `/validate` and everything below it, any method, as istiod. Every request is answered, also where we are at fault.
 * There are no rules yet: each review that can be read is allowed.
 */
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
  if (read.kind === 'body') return answerReview(response, review(read.body, dependencies));
  dependencies.metrics.count('galley_validation_http_error', { status: String(read.status) });
  answerRefusal(response, read);
}

function review(body: Buffer, { log, metrics }: ValidateAppDependencies): string {
  const read = readReview(body);
  if (read.ok) {
    metrics.count('galley_validation_passed', read.value.resource);
    return reviewAnswer(read.value, { allowed: true });
  }
  const message = `could not decode body: ${read.unreadable.message}`;
  log.warn('validation review cannot be read', { reason: message });
  return unreadableAnswer({ ...read.unreadable, message });
}

/** A bug of ours must not leave the API server waiting. */
function answerFault(error: unknown, response: Response, log: Logger): void {
  log.error('validation request failed', { error: ControlPlaneError.from(error) });
  if (response.headersSent) response.destroy();
  else answerRefusal(response, { status: 500, message: 'internal error' });
}
