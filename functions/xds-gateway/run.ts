import { createServer } from 'node:http';
import { pinoLogger } from '../../shared/observe/pino.ts';
import { prometheusMetrics } from '../../shared/observe/prometheus.ts';
import type { GatewaySettings } from './config.ts';
import { debugAnswer } from './debug.ts';
import { diskCopy } from './disk-copy.ts';
import { type Build, monitoringHandler } from './monitoring.ts';
import { resolveNode, tellSeen } from './resolve.ts';
import { startGateway } from './start.ts';

const brackets = /[[\]]/g;

export interface Outside {
  readonly build: Build;
  /** Standard output. */
  readonly write: (text: string) => void;
}

export interface GatewayProcess {
  readonly xdsPort: number;
  readonly monitoringPort: number;
  close(): void;
}

/** A gateway of its own: serves the snapshots of a store over xDS, and tells of itself over HTTP. */
export async function runGateway(settings: GatewaySettings, { build, write }: Outside): Promise<GatewayProcess> {
  const log = pinoLogger({ write, level: settings.logLevel, format: 'json' });
  const prometheus = prometheusMetrics({ component: 'pilot', tag: build.version });
  const running = await startGateway({
    store: settings.store,
    ...(settings.cacheDir !== '' && { copy: diskCopy(settings.cacheDir) }),
    log,
    metrics: prometheus.metrics,
    now: () => new Date(),
    address: settings.xdsAddress,
    requestClass: (node) => resolveNode(settings.snapshotUrl, node),
    tellSeen: (nodes) => tellSeen(settings.snapshotUrl, nodes),
  });
  const monitoring = createServer(
    monitoringHandler({
      prometheus,
      // Also without a snapshot: it is the first proxies that ask for one.
      isReady: () => true,
      debug: (path) => debugAnswer(running, path),
      build,
      log,
    }),
  );
  const { hostname, port } = new URL(`http://${settings.monitoringAddress}`);
  await new Promise<void>((resolve, reject) => {
    monitoring.once('error', reject);
    monitoring.listen({ host: hostname.replaceAll(brackets, ''), port: Number(port) || 80 }, resolve);
  });
  const bound = monitoring.address();
  const monitoringPort = typeof bound === 'object' && bound !== null ? bound.port : Number(port);
  log.info('ready', { xds: running.port, monitoring: monitoringPort, manifest: running.follower.manifest });
  return {
    xdsPort: running.port,
    monitoringPort,
    close: () => {
      running.close();
      monitoring.close();
      monitoring.closeAllConnections();
    },
  };
}
