// API servers speak HTTP/2 to a webhook that offers it: one connection for all reviews. Express answers only HTTP/1.1 (it swaps the prototypes of
// Node's objects), so a request of HTTP/2 takes the way that it takes in Lambda: as an event, through serverless-http.
import { createServer, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Express } from 'express';
import serverless from 'serverless-http';
import { maxReviewBytes } from '../../shared/kube/admission-http.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Connections } from './listen.ts';

/** What clients may choose from, by ALPN. The server must be made with these. */
export const webhookProtocols = ['h2', 'http/1.1'];

/** Serves HTTP/2 beside the HTTP/1.1 that the server has. Gives all its connections of both kinds. */
export function addHttp2(server: HttpsServer, appFor: (url: string) => Express, log: Logger): Connections {
  const sessions = new Set<ServerHttp2Session>();
  const http2 = createServer((request, response) => void answer(request, response, { appFor, log }));
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  const http1Listeners = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') http2.emit('connection', socket);
    else for (const listener of http1Listeners) listener.call(server, socket);
  });
  return {
    closeIdle: () => {
      server.closeIdleConnections();
      // Lets open requests finish and takes no new ones.
      for (const session of sessions) session.close();
    },
    closeAll: () => {
      server.closeAllConnections();
      for (const session of sessions) session.destroy();
    },
  };
}

interface Answering {
  readonly appFor: (url: string) => Express;
  readonly log: Logger;
}

async function answer(request: Http2ServerRequest, response: Http2ServerResponse, { appFor, log }: Answering): Promise<void> {
  try {
    const { statusCode = 500, headers = {}, body = '' } = await invoke(request, appFor(request.url));
    response.statusCode = statusCode;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
    response.end(body);
  } catch (caught) {
    log.error('webhook request failed', { error: ControlPlaneError.from(caught) });
    response.stream.close();
  }
}

async function invoke(request: Http2ServerRequest, app: Express): Promise<APIGatewayProxyStructuredResultV2> {
  const [rawPath = '', rawQueryString = ''] = splitOnce(request.url, '?');
  const http = { method: request.method, path: rawPath, sourceIp: request.socket.remoteAddress ?? '' };
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith(':')));
  const body = await readBody(request);
  return serverless(app)({ version: '2.0', rawPath, rawQueryString, headers, requestContext: { http }, body, isBase64Encoded: false }, {});
}

/** One byte more than the app takes is enough for its answer. */
async function readBody(request: Http2ServerRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxReviewBytes) break;
  }
  return Buffer.concat(chunks);
}

function splitOnce(text: string, at: string): readonly string[] {
  const index = text.indexOf(at);
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + at.length)];
}
