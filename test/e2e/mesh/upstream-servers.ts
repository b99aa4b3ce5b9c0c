import { once } from 'node:events';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type Server } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { KeyAndCertificate } from '../../../shared/ca/development.ts';

/** A server of loopback and its port. */
export interface Upstream {
  readonly address: string;
  readonly port: number;
  close(): void;
}

/** Speaks HTTP/2 without TLS and nothing else; answers with the version of HTTP that it was asked in. */
export function http2Upstream(address: string): Promise<Upstream> {
  const answer = ({ httpVersion }: Http2ServerRequest, response: Http2ServerResponse) => void response.end(`HTTP/${httpVersion}`);
  return listening(createHttp2Server(answer), address);
}

/** Answers over TLS with the name it was asked for and, as JSON, with the SPIFFE id of its caller, if any. */
export function tlsUpstream(address: string, certificate: KeyAndCertificate, clientRoots?: string): Promise<Upstream> {
  const options = {
    key: certificate.privateKeyPem,
    cert: certificate.certificatePem,
    ...(clientRoots !== undefined && { ca: clientRoots, requestCert: true, rejectUnauthorized: true }),
  };
  const server = createHttpsServer(options, ({ socket }, response) => {
    if (!(socket instanceof TLSSocket)) return;
    response.end(JSON.stringify({ sni: socket.servername, caller: socket.getPeerCertificate().subjectaltname }));
  });
  return listening(server, address);
}

/** An HTTP proxy that makes tunnels to one server whatever host they ask for; the hosts are noted. */
export async function connectProxy(address: string, target: Upstream, hosts: string[]): Promise<Upstream> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (head: Buffer) => {
      hosts.push(/^CONNECT (\S+)/.exec(String(head))?.[1] ?? String(head));
      const tunnel = connect(target.port, target.address, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(tunnel).pipe(socket);
      });
      tunnel.on('error', () => socket.destroy());
    });
  });
  return listening(server, address);
}

async function listening(server: Server, address: string): Promise<Upstream> {
  server.listen(0, address);
  await once(server, 'listening');
  const found = server.address();
  return { address, port: typeof found === 'object' && found !== null ? found.port : 0, close: () => void server.close() };
}
