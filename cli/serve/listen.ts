import type { Server } from 'node:net';
import { ControlPlaneError } from '../../shared/lib/error.ts';

/** A listening server that ends politely. */
export interface Listening {
  /** The port that was really taken, where 0 was asked for. */
  readonly port: number;
  /** Takes no new connection, answers what is in flight, closes the rest; after `drainMs` it cuts what is left. */
  drain(drainMs: number): Promise<void>;
}

/** The open connections of a server. */
export interface Connections {
  /** Ends those without a request in flight. */
  readonly closeIdle: () => void;
  readonly closeAll: () => void;
}

export interface ListenRequest {
  readonly server: Server;
  readonly connections: Connections;
  readonly bind: string;
  readonly port: number;
  /** What the port is for, and the flag that changes it: for the message when it cannot be had. */
  readonly purpose: string;
  readonly flag: string;
}

/** Starts a server. @throws ControlPlaneError with cause and remedy if the port is taken or the address is not ours. */
export async function listen(request: ListenRequest): Promise<Listening> {
  const { server } = request;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (caught: Error) => reject(listenError(caught, request)));
  server.listen({ host: request.bind, port: request.port }, resolve);
  await promise;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : request.port;
  return { port, drain: (drainMs) => drain(request, drainMs) };
}

/** A connection that is busy when the drain begins falls idle after its answer: it is looked for until none is left. */
const idleLookMs = 20;

async function drain({ server, connections }: ListenRequest, drainMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cut = setTimeout(() => connections.closeAll(), drainMs);
  const closeIdle = setInterval(() => connections.closeIdle(), idleLookMs);
  server.close(() => resolve());
  await promise;
  clearInterval(closeIdle);
  clearTimeout(cut);
}

const reasons: Readonly<Record<string, (request: ListenRequest) => string>> = {
  EADDRINUSE: ({ flag }) => `another process has it; stop that one or choose another port with ${flag} (0 takes any free one)`,
  EACCES: ({ flag }) => `this user may not open it; choose one above 1023 with ${flag}`,
  EADDRNOTAVAIL: ({ bind }) => `${bind} is no address of this machine; choose another with --bind`,
  ENOTFOUND: ({ bind }) => `${bind} is not known; give an address of this machine with --bind`,
};

function listenError(caught: Error, request: ListenRequest): ControlPlaneError {
  const code = 'code' in caught && typeof caught.code === 'string' ? caught.code : '';
  const reason = reasons[code]?.(request) ?? caught.message;
  return new ControlPlaneError('unavailable', `port ${request.port} on ${request.bind} (${request.purpose}) cannot be opened: ${reason}`, {
    cause: caught,
  });
}
