import { createServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { debugAnswer } from '../../functions/xds-gateway/debug.ts';
import { monitoringHandler } from '../../functions/xds-gateway/monitoring.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import { pinoLogger } from '../../shared/observe/pino.ts';
import { prometheusMetrics } from '../../shared/observe/prometheus.ts';
import { build } from '../build.ts';
import { worldOf } from '../compile/inputs.ts';
import { demoManifestPath, demoMeshPath, demoReviewPath } from '../demo.ts';
import { baseUrl, reachable, servingNames } from './addresses.ts';
import { type BannerContent, banner } from './banner.ts';
import { type CertificateRequest, openServingCertificate } from './certificates.ts';
import { followInjector, withMeshResources } from './injection.ts';
import { type ListenRequest, listen } from './listen.ts';
import { followMesh, meshSummary } from './mesh.ts';
import type { ServeOptions } from './options.ts';
import { withProgress } from './progress.ts';
import { followSettings } from './settings.ts';
import { type WebhookServer, webhookServer } from './webhooks.ts';
import { type RunningXds, startXds } from './xds.ts';

/** What the process gives to the code that runs in it. */
export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly workingDirectory: string;
  /** Standard output. */
  readonly write: (text: string) => void;
}

export interface Platform {
  /** Takes no new work, answers what is in flight, lets go of everything. */
  stop(): Promise<void>;
}

/**
 * Starts everything and prints what runs where.
 * @throws ControlPlaneError with cause and remedy; nothing is left running then.
 */
export async function startPlatform(options: ServeOptions, outside: Outside): Promise<Platform> {
  const log = pinoLogger({ write: outside.write, level: options.logLevel, format: options.logFormat });
  const held = new Held();
  try {
    return await start({ options, outside, log, held });
  } catch (caught) {
    await held.release();
    throw caught;
  }
}

/** What must be let go of at the end, in the order of taking. */
class Held {
  readonly #releases: (() => void | Promise<void>)[] = [];

  add(release: () => void | Promise<void>): void {
    this.#releases.push(release);
  }

  async release(): Promise<void> {
    await Promise.all(this.#releases.splice(0).map(async (release) => release()));
  }
}

interface Start {
  readonly options: ServeOptions;
  readonly outside: Outside;
  readonly log: Logger;
  readonly held: Held;
}

async function start(context: Start): Promise<Platform> {
  const { options, outside, log, held } = context;
  const prometheus = prometheusMetrics({ component: 'pilot', tag: build.version });
  const state = { isReady: false };
  const content = await readContent(context, prometheus.metrics);
  const monitoring = createServer(
    monitoringHandler({ prometheus, isReady: () => state.isReady, debug: (path) => debugAnswer(content.xds, path), build, log }),
  );
  const webhookPort = await listenHeld(context, {
    ...content.webhooks,
    port: options.webhookPort,
    purpose: 'webhooks',
    flag: '--webhook-port',
  });
  const monitoringPort = await listenHeld(context, {
    server: monitoring,
    connections: { closeIdle: () => monitoring.closeIdleConnections(), closeAll: () => monitoring.closeAllConnections() },
    port: options.monitoringPort,
    purpose: 'monitoring',
    flag: '--monitoring-port',
  });
  state.isReady = true;
  announce(context, {
    version: build.version,
    webhookUrl: baseUrl('https', options.bind, webhookPort),
    xdsAddress: reachable(options.bind, content.xds.port),
    monitoringUrl: baseUrl('http', options.bind, monitoringPort),
    meshPath: content.meshPath,
    meshContent: content.meshContent,
    authorityPath: content.authorityPath,
    reviewPath: demoReviewPath,
    manifestPath: demoManifestPath,
    workingDirectory: outside.workingDirectory,
  });
  return {
    stop: async () => {
      state.isReady = false;
      log.info('stopping: requests in flight are answered');
      await withProgress('waiting for requests in flight', held.release(), (line) => log.info(line));
      log.info('stopped');
    },
  };
}

interface Content {
  readonly webhooks: WebhookServer;
  readonly xds: RunningXds;
  readonly meshPath: string;
  readonly meshContent: string;
  readonly authorityPath: string;
}

async function readContent({ options, outside, log, held }: Start, metrics: Metrics): Promise<Content> {
  const progress = <T>(what: string, work: Promise<T>): Promise<T> => withProgress(what, work, (line) => log.info(line));
  const meshPath = options.from ?? demoMeshPath;
  let refresh = (): void => undefined;
  const onChange = (): void => refresh();
  const mesh = await progress('reading the mesh', followMesh({ path: meshPath, onChange, log, metrics }));
  held.add(mesh.close);
  const injector = await progress('reading the injection settings', followInjector({ options, env: outside.env, log, metrics }));
  held.add(injector.close);
  const settings = await followSettings({ path: options.meshConfigFile, onChange, log, metrics });
  held.add(settings.close);
  const request = { dataDir: options.dataDir, names: servingNames(options.bind) };
  const { authorityPath, ...pair } = await progress(
    'opening the development CA',
    openServingCertificate({ ...request, now: outside.now() }),
  );
  const webhooks = webhookServer(
    { injector: withMeshResources(injector.current, mesh.current, log), log, metrics, now: () => performance.now() },
    pair,
  );
  const renewal = setInterval(() => void renew(webhooks.server, { ...request, now: outside.now() }, log), renewalCheckMs);
  held.add(() => clearInterval(renewal));
  const world = () => worldOf(mesh.current(), settings.current());
  const xds = await progress('compiling the mesh', startXds({ options, world, now: outside.now, log, metrics }));
  held.add(xds.close);
  refresh = xds.refresh;
  return { webhooks, xds, meshPath, meshContent: meshSummary(mesh.current()), authorityPath };
}

const renewalCheckMs = 12 * 3_600_000;

/** Keeps the certificate fresh in a process that runs for months. */
async function renew(server: HttpsServer, request: CertificateRequest, log: Logger): Promise<void> {
  try {
    const { privateKeyPem, certificatePem } = await openServingCertificate(request);
    server.setSecureContext({ key: privateKeyPem, cert: certificatePem });
  } catch (error) {
    log.error('the serving certificate cannot be renewed', { error });
  }
}

async function listenHeld({ options, held }: Start, request: Omit<ListenRequest, 'bind'>): Promise<number> {
  const listening = await listen({ ...request, bind: options.bind });
  held.add(() => listening.drain(options.drainMs));
  return listening.port;
}

function announce({ options, outside, log }: Start, content: BannerContent): void {
  if (options.logFormat === 'readable') {
    outside.write(banner(content));
    return;
  }
  const { webhookUrl, xdsAddress, monitoringUrl, meshPath, authorityPath } = content;
  log.info('ready', {
    version: content.version,
    webhooks: webhookUrl,
    xds: xdsAddress,
    monitoring: monitoringUrl,
    mesh: meshPath,
    authority: authorityPath,
  });
}
