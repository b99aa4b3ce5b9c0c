import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

/** What a backend does with its requests; a test may change it while it runs. */
export interface Behaviour {
  readonly status: number;
  readonly delayMs: number;
}

const right: Behaviour = { status: 200, delayMs: 0 };

/** An HTTP server that answers with its version. */
export class Backend {
  readonly version: string;
  readonly address: string;
  port = 0;
  /** Requests that arrived. */
  requests = 0;
  /** At the same time, at most. */
  maxOpen = 0;
  behaviour = right;
  readonly #server: Server;
  #open = 0;

  constructor(version: string, address: string) {
    this.version = version;
    this.address = address;
    this.#server = createServer((_request, response) => {
      const { status, delayMs } = this.behaviour;
      this.requests += 1;
      this.#open += 1;
      this.maxOpen = Math.max(this.maxOpen, this.#open);
      const answer = () => {
        this.#open -= 1;
        response.writeHead(status, { 'content-type': 'text/plain' }).end(this.version);
      };
      if (delayMs === 0) answer();
      else setTimeout(answer, delayMs);
    });
  }

  async listen(port = 0): Promise<this> {
    this.#server.listen(port, this.address);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    return this;
  }

  /** Counts from 0 again, with the behaviour of the start. */
  reset(): void {
    this.behaviour = right;
    this.requests = 0;
    this.maxOpen = 0;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
