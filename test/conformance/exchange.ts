import { createServer, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One exchange with a real express app over a socket. */

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly location: string;
  readonly text: string;
}

/** Starts the app for this one request. */
export async function exchangeWith(app: RequestListener, { method, path, contentType, body }: Exchange): Promise<Answer> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await send(server, { method, path, contentType, body });
  } finally {
    server.close();
  }
}

function send(server: Server, { method, path, contentType, body }: Exchange): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  const bytes = Buffer.from(body);
  const headers = { 'content-length': bytes.length, ...(contentType && { 'content-type': contentType }) };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          location: response.headers.location ?? '',
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}
