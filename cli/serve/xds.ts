import { join } from 'node:path';
import { Publisher, type PublishReport } from '../../functions/snapshot/publisher.ts';
import { type RunningGateway, startGateway } from '../../functions/xds-gateway/start.ts';
import type { World } from '../../shared/compile/world.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import { fileStore } from '../../shared/store/file.ts';
import { hostAndPort } from './addresses.ts';
import { problemText, report as tellProblem } from './live.ts';
import type { ServeOptions } from './options.ts';

export interface XdsContext {
  readonly options: ServeOptions;
  readonly world: () => World;
  readonly now: () => Date;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface RunningXds extends RunningGateway {
  /** The world is another one: compiles and publishes it. */
  refresh(): void;
}

/** Compiles the mesh into the embedded store and serves to proxies what is there, both in this process. */
export async function startXds({ options, world, now, log, metrics }: XdsContext): Promise<RunningXds> {
  const store = fileStore(join(options.dataDir, 'store'));
  const publisher = new Publisher({ store, world: () => ({ value: world(), problems: [] }), now });
  const report = reporter(log, metrics);
  const publish = async (work: Promise<PublishReport>): Promise<void> => report(await work);
  await publish(publisher.publish());
  const running = await openGateway(options, (address) =>
    startGateway({
      store,
      log,
      metrics,
      now,
      address,
      requestClass: (node) => publish(publisher.want(node)),
      tellSeen: (nodes) => publisher.seen(nodes),
    }),
  );
  return {
    ...running,
    refresh: () => {
      publish(publisher.publish()).then(
        () => running.follower.refresh(),
        (caught: unknown) => log.error('the mesh cannot be published; the last snapshot stays', { error: ControlPlaneError.from(caught) }),
      );
    },
  };
}

async function openGateway({ bind, xdsPort }: ServeOptions, start: (address: string) => Promise<RunningGateway>): Promise<RunningGateway> {
  try {
    return await start(hostAndPort(bind, xdsPort));
  } catch (caught) {
    const { message } = ControlPlaneError.from(caught);
    throw new ControlPlaneError(
      'unavailable',
      `port ${xdsPort} on ${bind} (xDS) cannot be opened: ${message}; choose another with --xds-port`,
      {
        cause: caught,
      },
    );
  }
}

/** Tells what a compile did; a problem is told once, as long as it stays. */
function reporter(log: Logger, metrics: Metrics): (report: PublishReport) => void {
  let known: ReadonlySet<string> = new Set();
  return ({ result, manifest, problems, counts }) => {
    for (const problem of problems) if (!known.has(problemText(problem))) tellProblem(log, problem);
    known = new Set(problems.map(problemText));
    metrics.count('pilotless_compiles_total', { result });
    for (const severity of ['error', 'warning'] as const) {
      metrics.set('pilotless_config_problems', problems.filter((problem) => problem.severity === severity).length, { severity });
    }
    if (result === 'published') log.info('a snapshot is published', { manifest, ...counts });
  };
}
