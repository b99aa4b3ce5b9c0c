import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A proxy between a program and AWS, for tests of what goes wrong on the way. */
export interface Front {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** What becomes of an answer on its way back; nothing for an answer that never comes. */
export type OnWay = (body: Buffer, path: string) => Buffer | undefined;

export async function startFront(endpoint: string, onWay: OnWay): Promise<Front> {
  const { hostname, port } = new URL(endpoint);
  const server = createServer(async (request, response) => {
    const { method, headers, url = '/' } = request;
    const onward = httpRequest({ hostname, port, method, path: url, headers });
    onward.end(await buffer(request));
    const [answer] = await once(onward, 'response');
    const body = onWay(await buffer(answer), url);
    if (body === undefined) return;
    response.writeHead(answer.statusCode, { ...answer.headers, 'content-length': body.length }).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
