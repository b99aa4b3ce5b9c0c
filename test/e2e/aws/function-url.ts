import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { LambdaFunction } from './lambda-function.ts';

/** Stands in for AWS' function URLs: requests become events of payload version 2.0, answers responses. */
export interface FunctionUrl {
  readonly url: string;
  stop(): void;
}

/** @param tls key and certificate; plain HTTP without. */
export async function startFunctionUrl(
  target: LambdaFunction,
  tls?: { readonly privateKeyPem: string; readonly certificatePem: string },
): Promise<FunctionUrl> {
  const listener: RequestListener = async (request, response) => {
    const answer = await target.invoke(eventOf(request, await buffer(request)));
    // What the emulator says of a function that failed is no answer of the function.
    if (typeof answer.statusCode !== 'number') {
      response.writeHead(502, { 'content-type': 'application/json' }).end('{"Message":"Internal Server Error"}');
      return;
    }
    response
      .writeHead(answer.statusCode, { ...answer.headers })
      .end(Buffer.from(answer.body, answer.isBase64Encoded === true ? 'base64' : 'utf8'));
  };
  const server: Server | HttpsServer =
    tls === undefined ? createHttpServer(listener) : createHttpsServer({ key: tls.privateKeyPem, cert: tls.certificatePem }, listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Function URLs send bodies as text where their type is text or JSON, and everything else in base64. */
function eventOf({ method = 'GET', url = '/', headers, httpVersion }: IncomingMessage, body: Buffer): object {
  const [rawPath = '/', rawQueryString = ''] = url.split('?');
  const isText = /^(?:text\/|application\/json)/.test(headers['content-type'] ?? '');
  const http = { method, path: rawPath, protocol: `HTTP/${httpVersion}`, sourceIp: '192.0.2.1', userAgent: headers['user-agent'] ?? '' };
  const domain = { accountId: 'anonymous', apiId: 'test', domainName: 'test.lambda-url.eu-central-1.on.aws', domainPrefix: 'test' };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    requestContext: { ...domain, http, requestId: 'r', routeKey: '$default', stage: '$default', time: '', timeEpoch: 0 },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: !isText && body.length > 0,
  };
}
