import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Listening, listen } from './listen.ts';

const request = { bind: '127.0.0.1', port: 0, purpose: 'monitoring', flag: '--monitoring-port' };

async function start(handle: RequestListener): Promise<Listening & { readonly server: Server }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, handle);
  const connections = { closeIdle: () => server.closeIdleConnections(), closeAll: () => server.closeAllConnections() };
  return { server, ...(await listen({ ...request, server, connections })) };
}

describe('listen', () => {
  it('tells the free port that it took for 0', async () => {
    const { port, drain } = await start((_request, response) => void response.end('here'));

    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('here');
    await drain(1000);
  });

  const failures = [
    {
      name: 'an address of another machine',
      change: { bind: '192.0.2.1' },
      says: '192.0.2.1 is no address of this machine; choose another with --bind',
    },
    { name: 'an unknown name', change: { bind: 'no.such.host.invalid' }, says: /no\.such\.host\.invalid/ },
  ];
  it.each(failures)('explains $name', async ({ change, says }) => {
    const server = createServer();
    const connections = { closeIdle: () => undefined, closeAll: () => undefined };

    await expect(listen({ ...request, ...change, server, connections })).rejects.toThrow(says);
  });
});

describe('drain', () => {
  it('answers the request in flight, then ends though its connection would be kept', async () => {
    const arrived = Promise.withResolvers<() => void>();
    const { port, drain } = await start((_request, response) => arrived.resolve(() => void response.end('late but whole')));
    const answer = fetch(`http://127.0.0.1:${port}`);
    const finish = await arrived.promise;

    const drained = drain(60_000);
    finish();

    expect(await (await answer).text()).toBe('late but whole');
    await expect(drained).resolves.toBeUndefined();
  });

  it('takes no new connection', async () => {
    const { port, drain } = await start((_request, response) => void response.end());
    await drain(1000);

    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  });

  it('cuts what does not end in time', async () => {
    const arrived = Promise.withResolvers<void>();
    const { port, drain } = await start(() => arrived.resolve());
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    await arrived.promise;

    await drain(10);

    await expect(closed).resolves.toBeDefined();
  });
});
