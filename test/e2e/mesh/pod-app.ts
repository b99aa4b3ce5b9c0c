// node pod-app.ts PORT VERSION: an application that answers with its version and with what its sidecar tells of the caller.
import { createServer } from 'node:http';

const [port, version] = process.argv.slice(2);
createServer((request, response) => {
  const { url: path, headers, socket } = request;
  response.end(JSON.stringify({ version, path, caller: headers['x-forwarded-client-cert'], from: socket.remoteAddress }));
}).listen(Number(port), '0.0.0.0');
