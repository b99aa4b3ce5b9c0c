import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { answerRefusal, answerReview, cleanedUrl, readAdmissionBody, redirectToCleanPath } from './admission-http.ts';

const limit = 6 * 1024 * 1024;

/** Tells the number of bytes read, or refuses. */
function echo(): Server {
  return createServer(async (incoming, response) => {
    const read = await readAdmissionBody(incoming);
    if (read.kind === 'refused') answerRefusal(response, read);
    else answerReview(response, JSON.stringify({ bytes: read.body.length }));
  });
}

const post = (body: string, type = 'application/json') => request(echo()).post('/').set('content-type', type).send(body);

describe('readAdmissionBody', () => {
  it('reads exactly application/json', async () => {
    const { status, text, headers } = await post('{"a":1}');

    expect([status, text, headers['content-type']]).toEqual([200, '{"bytes":7}', 'text/plain; charset=utf-8']);
  });

  it('reads whatever the method is', async () => {
    const { text } = await request(echo()).put('/').set('content-type', 'application/json').send('{}');

    expect(text).toBe('{"bytes":2}');
  });

  it('reads 6 MiB and refuses one byte more', async () => {
    expect((await post(' '.repeat(limit))).text).toBe(`{"bytes":${limit}}`);
    const { status, text } = await post(' '.repeat(limit + 1));

    expect([status, text]).toEqual([400, 'Request entity too large: limit is 6291456\n']);
  });

  it('answers a caller that goes on sending beyond the limit', async () => {
    const server = echo().listen(0);
    const { port } = server.address() as AddressInfo;
    const endless = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(limit + 1)),
    });

    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: endless, duplex: 'half' });

    expect(answer.status).toBe(400);
    server.closeAllConnections();
    server.close();
  });

  const refused = [
    { name: 'an empty body, before the content type is looked at', body: '', type: 'text/plain', status: 400, text: 'no body found\n' },
    { name: 'another content type', body: '{}', type: 'text/plain', status: 415, text: 'invalid Content-Type, want `application/json`\n' },
    {
      name: 'a charset',
      body: '{}',
      type: 'application/json; charset=utf-8',
      status: 415,
      text: 'invalid Content-Type, want `application/json`\n',
    },
  ];
  it.each(refused)('refuses $name', async ({ body, type, status, text }) => {
    const answer = await post(body, type);

    expect([answer.status, answer.text]).toEqual([status, text]);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
  });
});

describe('cleanedUrl', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['/', undefined],
    ['/inject', undefined],
    ['/inject/', undefined],
    ['/inject/cluster/c1/net/n1', undefined],
    ['/inject?timeout=10s', undefined],
    ['/inject//cluster/c1', '/inject/cluster/c1'],
    ['//inject', '/inject'],
    ['/inject//', '/inject/'],
    ['/inject/./cluster', '/inject/cluster'],
    ['/inject/x/../cluster', '/inject/cluster'],
    ['/../../inject', '/inject'],
    ['/inject//cluster?timeout=10s', '/inject/cluster?timeout=10s'],
    ['/inject?a=//', undefined],
    ['//', '/'],
  ];
  it.each(cases)('of %s is %s', (url, expected) => {
    expect(cleanedUrl(url)).toBe(expected);
  });

  it('is clean itself', () => {
    for (const [, clean] of cases) if (clean !== undefined) expect(cleanedUrl(clean)).toBeUndefined();
  });
});

describe('redirectToCleanPath', () => {
  const server = () =>
    createServer((incoming, response) => void (redirectToCleanPath(incoming.url ?? '', response) || response.end('clean')));

  it('sends the caller on and keeps the method', async () => {
    const { status, headers } = await request(server()).post('/inject//x');

    expect([status, headers['location']]).toEqual([307, '/inject/x']);
  });

  it('leaves a clean path alone', async () => {
    expect((await request(server()).post('/inject/x')).text).toBe('clean');
  });
});
