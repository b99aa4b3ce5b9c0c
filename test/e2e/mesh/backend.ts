import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';

/** What a backend does with its requests; a test may change it while it runs. */
export interface Behaviour {
  readonly status: number;
  readonly delayMs: number;
  /** Of the answer, besides its content type. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion: string;
}

const right: Behaviour = { status: 200, delayMs: 0, headers: {} };

/** An HTTP server that answers with its version. */
export class Backend {
  readonly version: string;
  readonly address: string;
  port = 0;
  /** Requests that arrived. */
  requests = 0;
  /** The last one of them. */
  last: Arrived | undefined;
  /** Connections that were made. */
  connections = 0;
  /** At the same time, at most. */
  maxOpen = 0;
  behaviour = right;
  readonly #server: Server;
  #open = 0;

  constructor(version: string, address: string) {
    this.version = version;
    this.address = address;
    this.#server = createServer(({ method = '', url: path = '', headers: received, httpVersion }, response) => {
      const { status, delayMs, headers } = this.behaviour;
      this.requests += 1;
      this.last = { method, path, headers: received, httpVersion };
      this.#open += 1;
      this.maxOpen = Math.max(this.maxOpen, this.#open);
      const answer = () => {
        this.#open -= 1;
        response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(this.version);
      };
      if (delayMs === 0) answer();
      else setTimeout(answer, delayMs);
    });
    this.#server.on('connection', () => (this.connections += 1));
  }

  async listen(port = 0): Promise<this> {
    this.#server.listen(port, this.address);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    return this;
  }

  /** Does something else from now on. */
  behave(change: Partial<Behaviour>): void {
    this.behaviour = { ...this.behaviour, ...change };
  }

  /** Counts from 0 again, with the behaviour of the start. */
  reset(): void {
    this.behaviour = right;
    this.requests = 0;
    this.last = undefined;
    this.connections = 0;
    this.maxOpen = 0;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
