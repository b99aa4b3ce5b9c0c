import express, { type Express, type Request, type Response } from 'express';
import { injectApp } from '../../functions/inject/app.ts';
import { readInjectSettings, templateHost } from '../../functions/inject/config.ts';
import { createInjector, loadInjectorConfig } from '../../shared/inject/index.ts';
import { answerReview, readAdmissionBody } from '../../shared/kube/admission-http.ts';
import { invariant } from '../../shared/lib/error.ts';
import { jsonLinesLogger } from '../../shared/observe/log.ts';
import { noMetrics } from '../../shared/observe/metrics.ts';

export const appNames = ['inject', 'echo'] as const;
export type AppName = (typeof appNames)[number];

/** The app under its path: the webhook with its built-in settings, or what HTTP alone costs on the same express. */
export const apps: Readonly<Record<AppName, () => Express>> = {
  inject: () => {
    const { value: config } = loadInjectorConfig({ settings: readInjectSettings({}).settings, host: templateHost({}) });
    invariant(config, 'the built-in injection configuration can be read');
    const injector = createInjector(config);
    // Lines are formatted as in a function, and dropped.
    const log = jsonLinesLogger({ write: () => undefined, now: () => new Date() });
    return injectApp({ injector: () => injector, log, metrics: noMetrics, now: () => performance.now() });
  },
  echo: echoApp,
};

/** Reads a body as the webhooks do and sends it back. */
function echoApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use('/echo', async (request: Request, response: Response) => {
    const read = await readAdmissionBody(request);
    answerReview(response, read.kind === 'body' ? read.body.toString() : read.message);
  });
  return app;
}
