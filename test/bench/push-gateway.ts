// Child process of the push bench: the gateway as it is, on the store that it is told.
import { startGateway } from '../../functions/xds-gateway/start.ts';
import { silentLogger } from '../../shared/observe/log.ts';
import { noMetrics } from '../../shared/observe/metrics.ts';
import { fileStore } from '../../shared/store/file.ts';
import { answerEach, type Usage, until, usage } from './push-child.ts';

/** Answered when so many streams have what a manifest says, and acknowledged it. */
export interface GatewayQuestion {
  readonly manifest: string | undefined;
  readonly streams: number;
}

export interface GatewayAnswer extends Usage {
  readonly port: number;
  /** Since the start. */
  readonly responses: number;
  readonly encoded: number;
  readonly nacks: number;
}

const { gateway, follower, port } = await startGateway({
  store: fileStore(process.argv[2] ?? ''),
  log: silentLogger,
  metrics: noMetrics,
  now: () => new Date(),
  address: '127.0.0.1:0',
  requestClass: async (node) => {
    console.error(`a node of the fleet has no class: ${String(node['id'])}`);
    process.exit(1);
  },
});

answerEach(async ({ manifest, streams }: GatewayQuestion): Promise<GatewayAnswer> => {
  await until(() => gateway.sessions.size === streams && (manifest === undefined || follower.manifest === manifest) && isQuiet());
  const { responses, encoded, nacks } = gateway.counters;
  return { ...usage(), port, responses, encoded, nacks };
});

function isQuiet(): boolean {
  return [...gateway.sessions].every(
    ({ state }) => state.isHeld === undefined && [...state.types.values()].every(({ inFlight }) => inFlight.length === 0),
  );
}
