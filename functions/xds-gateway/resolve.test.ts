import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveNode, tellSeen } from './resolve.ts';

const node = { id: 'sidecar~10.0.0.9~client-1.shop~shop.svc.cluster.local' };
let server: Server;
let asked: { readonly path: string | undefined; readonly body: unknown }[];
let status: number;
let url: string;

beforeEach(async () => {
  [asked, status] = [[], 200];
  server = createServer(async (request, response) => {
    asked.push({ path: request.url, body: await json(request) });
    response.writeHead(status).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

describe('resolveNode', () => {
  it('asks the snapshot function for a class of the node', async () => {
    await resolveNode(url, node);

    expect(asked).toEqual([{ path: '/resolve', body: { node } }]);
  });

  it.each([
    [403, /status 403; does the role allow lambda:InvokeFunctionUrl/],
    [500, /status 500$/],
  ])('says that it was answered with status %d', async (answered, says) => {
    status = answered;

    await expect(resolveNode(url, node)).rejects.toThrow(says);
  });

  it('says that nobody is there, without the path, which may hold a token', async () => {
    await expect(resolveNode('http://127.0.0.1:9/t/token-of-a-mesh', node)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.not.stringContaining('token-of-a-mesh'),
    });
  });

  it('tells which classes are in use, in portions that a function takes', async () => {
    await tellSeen(
      url,
      Array.from({ length: 250 }, () => node),
    );
    await tellSeen('', [node]);

    expect(asked.map(({ path, body }) => [path, (body as { readonly nodes: readonly unknown[] }).nodes.length])).toEqual([
      ['/seen', 200],
      ['/seen', 50],
    ]);
  });

  it('says what to set where nobody was named', async () => {
    await expect(resolveNode('', node)).rejects.toThrow(/PILOTLESS_SNAPSHOT_URL/);
  });
});
