import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Operation } from 'fast-json-patch';
import { createDevelopmentAuthority, issueServingCertificate } from '../../shared/ca/development.ts';
import type { WebhookClient } from './webhook-configuration.ts';

/** Somebody else's mutating webhook. */
export interface WebhookServer extends WebhookClient {
  stop(): Promise<void>;
}

interface Review {
  readonly request: { readonly uid: string; readonly object: unknown };
}

/** Allows everything, with the patch that it is given for the object; without one it lets the API server wait for ever. */
export async function startWebhookServer(patchFor: (object: unknown) => readonly Operation[] | undefined): Promise<WebhookServer> {
  const context = { now: new Date(), crypto: webcrypto };
  const authority = await createDevelopmentAuthority(context);
  const { certificatePem: cert, privateKeyPem: key } = await issueServingCertificate(authority, ['127.0.0.1'], context);
  const server = createServer({ cert, key }, async (request: IncomingMessage, response) => {
    const { request: admission } = (await json(request)) as Review;
    const operations = patchFor(admission.object);
    if (operations === undefined) return;
    const patch = Buffer.from(JSON.stringify(operations)).toString('base64');
    const answer = { uid: admission.uid, allowed: true, patchType: 'JSONPatch', patch };
    response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caPem: authority.certificatePem,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
