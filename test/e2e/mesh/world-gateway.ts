import { join } from 'node:path';
import { Publisher } from '../../../functions/snapshot/publisher.ts';
import { type RunningGateway, startGateway } from '../../../functions/xds-gateway/start.ts';
import type { World } from '../../../shared/compile/world.ts';
import { silentLogger } from '../../../shared/observe/log.ts';
import { noMetrics } from '../../../shared/observe/metrics.ts';
import { fileStore } from '../../../shared/store/file.ts';

/** Serves a world as `pilotless serve` does, in this process: the world is a value, from wherever. */
export async function serveWorld(
  world: World,
  { directory, bind }: { readonly directory: string; readonly bind: string },
): Promise<RunningGateway> {
  const store = fileStore(join(directory, 'store'));
  const now = () => new Date();
  const publisher = new Publisher({ store, world: () => ({ value: world, problems: [] }), now });
  await publisher.publish();
  return startGateway({
    store,
    log: silentLogger,
    metrics: noMetrics,
    now,
    address: `${bind}:0`,
    requestClass: async (node) => void (await publisher.want(node)),
  });
}
