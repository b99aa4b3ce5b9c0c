import { ServerCredentials } from '@grpc/grpc-js';
import type { JsonObject } from '../../shared/lib/json.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import type { Store } from '../../shared/store/store.ts';
import { systemClock } from './clock.ts';
import { type Follower, follow } from './follow.ts';
import { Gateway } from './gateway.ts';
import { listen } from './server.ts';

export interface StartOptions {
  readonly store: Store;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Without encryption, so on loopback by default: `127.0.0.1:15010`. */
  readonly address: string;
  /** Asks for a snapshot with a class for the node. */
  readonly requestClass: (node: JsonObject) => Promise<void>;
}

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly follower: Follower;
  readonly port: number;
  close(): void;
}

/** Serves the snapshots of a store over plaintext gRPC. */
export async function startGateway({ store, log, metrics, address, requestClass }: StartOptions): Promise<RunningGateway> {
  const gateway: Gateway = new Gateway({
    clock: systemClock,
    log,
    metrics,
    requestClass: async (node) => {
      await requestClass(node);
      await follower.refresh();
    },
    originsOf: (hash) => follower.originsOf(hash),
    // Whoever asks here is not known, and debug output tells about others.
    answerDebug: (session) => session.refuse({ code: 'unauthenticated', message: 'authentication required' }),
  });
  const follower: Follower = follow({ store, log, serve: (snapshot) => gateway.serve(snapshot) });
  await follower.refresh();
  const server = await listen({ gateway, address, credentials: ServerCredentials.createInsecure() });
  const close = (): void => {
    follower.close();
    server.close();
  };
  return { gateway, follower, port: server.port, close };
}
