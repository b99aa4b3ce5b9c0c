import { ServerCredentials } from '@grpc/grpc-js';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { JsonObject } from '../../shared/lib/json.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import type { Store } from '../../shared/store/store.ts';
import { systemClock } from './clock.ts';
import type { DiskCopy } from './disk-copy.ts';
import { type Follower, follow } from './follow.ts';
import { Gateway } from './gateway.ts';
import { listen } from './server.ts';

export interface StartOptions {
  readonly store: Store;
  /** What is started with if the store is away. */
  readonly copy?: DiskCopy;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** Without encryption, so on loopback by default: `127.0.0.1:15010`. */
  readonly address: string;
  /** Asks for a snapshot with a class for the node. */
  readonly requestClass: (node: JsonObject) => Promise<void>;
  /** Takes one node of each class that is connected, every hour. */
  readonly tellSeen?: (nodes: readonly JsonObject[]) => Promise<void>;
}

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly follower: Follower;
  readonly port: number;
  close(): void;
}

/** A class is remembered for days after it was seen; connected proxies are looked at this often. */
const seenPeriodMs = 3_600_000;

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]):\d+$/;

function isLoopback(address: string): boolean {
  return loopback.test(address);
}

/** Serves the snapshots of a store over plaintext gRPC. */
export async function startGateway(options: StartOptions): Promise<RunningGateway> {
  const { log, metrics, address, requestClass, now } = options;
  let follower: Follower | undefined;
  const gateway: Gateway = new Gateway({
    clock: systemClock,
    log,
    metrics,
    requestClass: async (node) => {
      await requestClass(node);
      await follower?.refresh();
    },
    // Nobody proves who they are here, so keys stay on this machine.
    servesSecrets: isLoopback(address),
    originsOf: async (hash) => (await follower?.originsOf(hash)) ?? [],
    // Whoever asks here is not known, and debug output tells about others.
    answerDebug: (session) => session.refuse({ code: 'unauthenticated', message: 'authentication required' }),
  });
  const followed = await follow({ ...options, nowMs: () => now().getTime(), serve: (snapshot) => gateway.serve(snapshot) });
  follower = followed;
  const server = await listen({ gateway, address, credentials: ServerCredentials.createInsecure() });
  const seen = setInterval(() => void tellClasses(gateway, options), seenPeriodMs);
  const close = (): void => {
    clearInterval(seen);
    followed.close();
    server.close();
  };
  return { gateway, follower: followed, port: server.port, close };
}

/** The compiler forgets classes that nobody is of. */
async function tellClasses(gateway: Gateway, { tellSeen, log }: Pick<StartOptions, 'tellSeen' | 'log'>): Promise<void> {
  try {
    const nodes = [...gateway.connectedClasses().values()];
    if (nodes.length > 0) await tellSeen?.(nodes);
  } catch (caught) {
    log.warn('classes cannot be noted as seen', { error: ControlPlaneError.from(caught) });
  }
}
