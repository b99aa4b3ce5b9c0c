import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import express, { type Express, type Request, type Response } from 'express';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDevelopmentAuthority, issueServingCertificate, type KeyAndCertificate } from '../../shared/ca/development.ts';
import { answerRefusal, answerReview, maxReviewBytes, readAdmissionBody } from '../../shared/kube/admission-http.ts';
import { silentLogger } from '../../shared/observe/log.ts';
import { addHttp2, webhookProtocols } from './http2.ts';
import { type Listening, listen } from './listen.ts';

let serving: KeyAndCertificate;
let authority: KeyAndCertificate;
let listening: Listening | undefined;
let session: ClientHttp2Session | undefined;

beforeAll(async () => {
  const context = { now: new Date(), crypto: webcrypto };
  authority = await createDevelopmentAuthority(context);
  serving = await issueServingCertificate(authority, ['127.0.0.1'], context);
});

afterEach(async () => {
  session?.destroy();
  await listening?.drain(0);
});

async function start(app: Express): Promise<Listening> {
  const tls = { key: serving.privateKeyPem, cert: serving.certificatePem, ALPNProtocols: webhookProtocols };
  const server = createServer(tls, app);
  const connections = addHttp2(server, () => app, silentLogger);
  listening = await listen({ server, connections, bind: '127.0.0.1', port: 0, purpose: 'test', flag: '--port' });
  session = connect(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, { ca: authority.certificatePem });
  return listening;
}

interface Answer {
  readonly status: unknown;
  readonly type: unknown;
  readonly body: string;
}

async function post(path: string, body: string | Buffer): Promise<Answer> {
  const stream = session?.request({ ':method': 'POST', ':path': path, 'content-type': 'application/json' });
  if (stream === undefined) throw new Error('no session');
  stream.on('error', () => undefined);
  stream.end(body);
  const [headers] = await once(stream, 'response');
  return { status: headers[':status'], type: headers['content-type'], body: await text(stream) };
}

/** Tells what it was sent. */
function echoApp(): Express {
  const app = express();
  app.use(async (incoming: Request, response: Response) => {
    const read = await readAdmissionBody(incoming);
    if (read.kind === 'refused') answerRefusal(response, read);
    else answerReview(response, `${incoming.method} ${incoming.originalUrl} ${read.body.toString()}`);
  });
  return app;
}

describe('addHttp2', () => {
  it('hands method, path, query and body to the app and its answer back', async () => {
    await start(echoApp());

    expect(await post('/inject/cluster/c1?timeout=10s', '{"ü":1}')).toEqual({
      status: 200,
      type: 'text/plain; charset=utf-8',
      body: 'POST /inject/cluster/c1?timeout=10s {"ü":1}',
    });
  });

  it('leaves HTTP/1.1 as it was', async () => {
    const { port } = await start(echoApp());
    const sent = request({
      port,
      host: '127.0.0.1',
      method: 'PUT',
      path: '/x',
      ca: authority.certificatePem,
      agent: false,
      headers: { 'content-type': 'application/json' },
    });
    sent.end('{}');
    const [response] = await once(sent, 'response');

    expect(await text(response)).toBe('PUT /x {}');
  });

  it('refuses a body beyond the limit with the app’s own answer', async () => {
    await start(echoApp());

    expect((await post('/inject', Buffer.alloc(maxReviewBytes, ' '))).status).toBe(200);
    expect(await post('/inject', Buffer.alloc(maxReviewBytes + 1, ' '))).toMatchObject({
      status: 400,
      body: 'Request entity too large: limit is 6291456\n',
    });
  });

  it('answers the request in flight when it is drained, then ends the session', async () => {
    const arrived = Promise.withResolvers<() => void>();
    const app = express();
    app.use((_request: Request, response: Response) => arrived.resolve(() => void response.end('late but whole')));
    const { drain } = await start(app);
    const answer = post('/inject', '{}');
    const finish = await arrived.promise;

    const drained = drain(60_000);
    finish();

    expect((await answer).body).toBe('late but whole');
    await expect(drained).resolves.toBeUndefined();
  });
});
