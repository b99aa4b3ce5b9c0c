import type { LambdaFunctionURLEvent } from 'aws-lambda';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { emfMetrics } from '../observe/emf.ts';
import { requestLog } from '../observe/request-log.ts';
import { urlHandler } from './handler.ts';
import { heldTokens, type ReadTokens } from './held-tokens.ts';

const token = 'a-token-of-forty-two-characters-0123456789';

function started({ read, answer = 'answered' }: { readonly read?: ReadTokens; readonly answer?: string | Promise<string> } = {}) {
  const lines: string[] = [];
  const lineLog = requestLog({ write: (line) => void lines.push(line), now: () => new Date(0), level: 'info', metrics: emfMetrics() });
  const app = express();
  app.use('/inject', async (request, response) => {
    if (request.path === '/old') response.redirect(307, '/inject/new');
    else if (request.path === '/broken') throw new Error('a bug');
    else response.send(`${await answer} ${request.originalUrl}`);
  });
  app.use((_request, response) => void response.status(404).send('404 page not found\n'));
  const tokens = read && heldTokens({ read, log: lineLog.log, nowMs: () => 0 });
  const handler = urlHandler({ app, tokens, requestLog: lineLog, now: () => 0 });
  const call = (rawPath: string, remainingMs = 5_000) =>
    handler(event(rawPath), { awsRequestId: 'r-1', getRemainingTimeInMillis: () => remainingMs });
  return { handler, call, lines };
}

function event(rawPath: string): LambdaFunctionURLEvent {
  const http = { method: 'POST', path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'kube-apiserver' };
  const requestContext = { http } as LambdaFunctionURLEvent['requestContext'];
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: 'secret=q',
    headers: {},
    requestContext,
    isBase64Encoded: false,
    body: 'b0dy',
  };
}

describe('urlHandler', () => {
  it('lets an app answer at its own paths where no token is needed', async () => {
    expect(await started().call('/inject/cluster/c1')).toMatchObject({ statusCode: 200, body: 'answered /inject/cluster/c1?secret=q' });
  });

  it('takes a valid token off the path', async () => {
    const { call } = started({ read: async () => [token] });

    expect(await call(`/t/${token}/inject/cluster/c1`)).toMatchObject({ statusCode: 200, body: 'answered /inject/cluster/c1?secret=q' });
  });

  it('says the same of an unknown token and of an unknown path, byte for byte', async () => {
    const { call } = started({ read: async () => [token] });
    const unknownPath = await call(`/t/${token}/other`);

    expect(unknownPath.statusCode).toBe(404);
    for (const path of ['/t/wrong/inject', '/inject', '/', '/t/', `/t/${token}`, `/T/${token}/inject`, `/t//${token}/inject`]) {
      expect(await call(path)).toEqual(unknownPath);
    }
  });

  it('redirects to below the token', async () => {
    const { call } = started({ read: async () => [token] });

    expect((await call(`/t/${token}/inject/old`)).headers).toMatchObject({ location: `/t/${token}/inject/new` });
  });

  it('says that it is not ready as long as the tokens cannot be read', async () => {
    const { call } = started({ read: () => Promise.reject(new Error('no route to host')) });

    expect(await call(`/t/${token}/inject`)).toMatchObject({ statusCode: 503 });
  });

  it('answers before the runtime ends the invocation', async () => {
    const { call, lines } = started({ answer: new Promise(() => undefined) });

    expect(await call('/inject', 300)).toMatchObject({ statusCode: 504, body: 'no answer in time\n' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', message: 'no answer in time', request: { status: 504 } });
  });

  it('answers with an error where the app has a bug', async () => {
    expect(await started().call('/inject/broken')).toMatchObject({ statusCode: 500 });
  });

  it('says why an answer that Lambda cannot carry is not sent', async () => {
    expect(await started({ answer: 'x'.repeat(6_000_001) }).call('/inject')).toMatchObject({
      statusCode: 500,
      body: 'the answer is larger than the 6000000 bytes that a function can send\n',
    });
  });

  it('answers what is no event of a function URL', async () => {
    const { handler } = started();

    for (const wrong of [{}, { version: '1.0', path: '/inject' }]) {
      expect(await handler(wrong as unknown as LambdaFunctionURLEvent, {})).toMatchObject({ statusCode: 400 });
    }
  });

  it('writes one line for each request, which holds nothing of token, query and body', async () => {
    const { call, lines } = started({ read: async () => [token] });
    await call(`/t/${token}/inject/cluster/c1`);
    await call('/t/guessed-token/inject');
    await call(`/t/${token}/other`);

    expect(lines.map((line) => JSON.parse(line).request)).toMatchObject([
      { id: 'r-1', route: '/inject', status: 200, bytes: 4, cold: true },
      { route: '/', status: 404 },
      { route: '/other', status: 404 },
    ]);
    for (const secret of [token, 'guessed', 'secret=q', 'b0dy']) expect(lines.join()).not.toContain(secret);
  });
});
