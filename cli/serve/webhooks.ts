import { createServer, type Server } from 'node:https';
import type { Express } from 'express';
import { type InjectAppDependencies, injectApp } from '../../functions/inject/app.ts';
import { validateApp } from '../../functions/validate/app.ts';
import type { KeyAndCertificate } from '../../shared/ca/development.ts';
import { unneededHints } from '../../shared/sources/hint.ts';
import { addHttp2, webhookProtocols } from './http2.ts';
import type { Connections } from './listen.ts';

export interface WebhookServer {
  readonly server: Server;
  readonly connections: Connections;
}

/** Both webhooks on one port over TLS, HTTP/1.1 and HTTP/2, as in istiod. */
export function webhookServer(dependencies: InjectAppDependencies, { privateKeyPem, certificatePem }: KeyAndCertificate): WebhookServer {
  const inject = injectApp(dependencies);
  // The mesh is read from files, which are watched.
  const validate = validateApp({ ...dependencies, hints: unneededHints });
  // Every path that is not for validation, also an unknown one, is answered by the injection app.
  const appFor = (url: string): Express => (validatePath.test(url) ? validate : inject);
  const server = createServer({ key: privateKeyPem, cert: certificatePem, ALPNProtocols: webhookProtocols }, (request, response) =>
    appFor(request.url ?? '')(request, response),
  );
  return { server, connections: addHttp2(server, appFor, dependencies.log) };
}

const validatePath = /^\/+validate(?:[/?]|$)/;
