// node pod-app.ts PORT VERSION SOCKET: an application that answers with its version and with what its sidecar tells of the caller. On the port after
// it: a connection, its version. What is asked for on the Unix socket, it sends, and tells the answer.
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Errand } from './pod.ts';
import { send } from './requests.ts';
import { exchange } from './tcp.ts';

const [port, version = '', socketPath] = process.argv.slice(2);

createServer((request, response) => {
  const { url: path, headers, socket } = request;
  response.end(JSON.stringify({ version, path, caller: headers['x-forwarded-client-cert'], from: socket.remoteAddress }));
}).listen(Number(port), '0.0.0.0');

createTcpServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => socket.end(version));
}).listen(Number(port) + 1, '0.0.0.0');

createServer(async (request, response) => response.end(JSON.stringify(await run(request)))).listen(socketPath);

async function run(request: IncomingMessage): Promise<unknown> {
  const errand = (await json(request)) as Errand;
  return 'send' in errand ? send(errand.send) : exchange(errand.exchange);
}
