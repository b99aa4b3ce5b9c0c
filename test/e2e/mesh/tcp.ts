import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { createServer as createTlsServer, connect as tlsConnect } from 'node:tls';
import type { KeyAndCertificate } from '../../../shared/ca/development.ts';

/** A server that answers the first bytes of a connection with its name, and ends it. */
export class TcpBackend {
  readonly name: string;
  readonly address: string;
  port = 0;
  /** First bytes of the connections. */
  received: string[] = [];
  readonly #server: Server;

  /** Speaks TLS with a certificate. */
  constructor(name: string, address: string, certificate?: KeyAndCertificate) {
    this.name = name;
    this.address = address;
    const key = certificate && { key: certificate.privateKeyPem, cert: certificate.certificatePem };
    this.#server = key === undefined ? createServer() : createTlsServer(key);
    this.#server.on(key === undefined ? 'connection' : 'secureConnection', (socket) => {
      socket.once('data', (bytes: Buffer) => {
        this.received.push(String(bytes));
        socket.end(this.name);
      });
      // A client that hangs up is no trouble of ours.
      socket.on('error', () => undefined);
    });
  }

  async listen(): Promise<this> {
    this.#server.listen(0, this.address);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    return this;
  }

  close(): void {
    this.#server.close();
  }
}

export interface Exchange {
  readonly port: number;
  /** @default 127.0.0.1 */
  readonly address?: string;
  /** Sent as they are. */
  readonly bytes: string;
  /** Speaks TLS and asks for this server, whoever it turns out to be. */
  readonly sni?: string;
}

const silenceMs = 10_000;

/** All that comes back until the other side ends, which may be nothing. */
export async function exchange({ port, address = '127.0.0.1', bytes, sni }: Exchange): Promise<string> {
  const to = { host: address, port };
  const socket = sni === undefined ? connect(to) : tlsConnect({ ...to, servername: sni, rejectUnauthorized: false });
  const { promise, resolve } = Promise.withResolvers<void>();
  let received = '';
  socket.on('data', (chunk) => (received += String(chunk)));
  socket.on('error', () => resolve());
  socket.on('close', () => resolve());
  socket.setTimeout(silenceMs, () => socket.destroy());
  // Not ended: to an HTTP server a client that has nothing more to say is gone.
  socket.write(bytes);
  await promise;
  return received;
}
