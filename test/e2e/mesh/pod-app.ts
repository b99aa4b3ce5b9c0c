// node pod-app.ts PORT: an application that answers with what its sidecar tells of the caller.
import { createServer } from 'node:http';

const [port] = process.argv.slice(2);
createServer((request, response) => {
  response.end(JSON.stringify({ path: request.url, caller: request.headers['x-forwarded-client-cert'] }));
}).listen(Number(port), '0.0.0.0');
