import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Publisher, type PublishReport } from '../../functions/snapshot/publisher.ts';
import type { ContentHash } from '../../shared/lib/hash.ts';
import { fileStore } from '../../shared/store/file.ts';
import type { Store } from '../../shared/store/store.ts';
import { type Bench, type Figure, median } from './bench.ts';
import { type MeshInput, type MeshName, needMesh, readMesh } from './compile-input.ts';
import { type Child, sharedNowMs, startChild } from './push-child.ts';
import { measureChange, measureSync, medianPair, type Pair, type Publication, type Sides } from './push-measure.ts';
import { readPlans } from './push-plan.ts';
import { type Protocol, type ProxyPlan, protocols } from './push-proxy.ts';

interface PushSize {
  readonly mesh: Exclude<MeshName, 'demo'>;
  readonly streams: number;
  readonly protocols: readonly Protocol[];
  readonly syncs: number;
  readonly changes: number;
}

export const pushBench = benchOf('push', { mesh: 'mesh-100', streams: 100, protocols, syncs: 3, changes: 7 });
export const pushLargeBench = benchOf('push-1000', { mesh: 'mesh-1000', streams: 100, protocols, syncs: 3, changes: 5 });

/** The largest mesh with a proxy for each of its nodes. The floor has no bound on what is on its way, so its memory says little. */
export const pushManyBench = benchOf('push-1000x1000', { mesh: 'mesh-1000', streams: 1000, protocols, syncs: 1, changes: 3 });

/** The gateway is fed by a compiler in the process of the bench, over a store in files. */
function benchOf(name: string, size: PushSize): Bench {
  const { mesh, streams } = size;
  return {
    name,
    about: `${streams} proxies of different classes on ${mesh}; beside: as many bytes in as many messages over the same gRPC library, nothing else`,
    run: async (say) => {
      needMesh(mesh);
      const folder = await mkdtemp(join(tmpdir(), 'pilotless-bench-'));
      try {
        return await measureAll(folder, size, say);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
}

async function measureAll(folder: string, size: PushSize, say: (line: string) => void): Promise<readonly Figure[]> {
  const input = await readMesh(size.mesh);
  const nodes = input.nodes.slice(0, size.streams);
  const store = fileStore(folder);
  say(`compiling ${size.mesh} for ${nodes.length} proxies`);
  const compiler = new Compiler(store, input);
  await compiler.start(nodes.length);
  const plans = await readPlans({ store, manifest: compiler.manifest, nodes });
  const figures: Figure[] = [];
  for (const protocol of size.protocols) {
    say(`${protocol}: ${size.syncs} first syncs, ${size.changes} changes`);
    figures.push(...(await withSides(folder, (sides) => measure(sides, { size, compiler, protocol, plans: plans(protocol) }))));
  }
  return figures;
}

interface Subject {
  readonly size: PushSize;
  readonly compiler: Compiler;
  readonly protocol: Protocol;
  readonly plans: readonly ProxyPlan[];
}

async function measure(sides: Sides, { size, compiler, protocol, plans }: Subject): Promise<readonly Figure[]> {
  const syncs = await times(size.syncs, () => measureSync(sides, plans, compiler.manifest));
  const publishMs: number[] = [];
  const publish = async (): Promise<Publication> => {
    const startMs = sharedNowMs();
    await compiler.change();
    const atMs = sharedNowMs();
    publishMs.push(atMs - startMs);
    return { manifest: compiler.manifest, atMs };
  };
  const changes = await times(size.changes, () => measureChange(sides, plans.length, publish));
  return [...syncFigures(protocol, medianPair(syncs)), ...changeFigures(protocol, medianPair(changes), median(publishMs))];
}

/** Publishes a mesh, and the same mesh with one VirtualService changed. */
class Compiler {
  readonly #publisher: Publisher;
  readonly #input: MeshInput;
  #round = 0;
  #manifest: ContentHash | undefined;

  constructor(store: Store, input: MeshInput) {
    this.#input = input;
    const world = () => (this.#round === 0 ? input.world : input.changed(this.#round));
    this.#publisher = new Publisher({ store, world: () => ({ value: world(), problems: [] }), now: () => new Date() });
  }

  get manifest(): ContentHash {
    if (this.#manifest === undefined) throw new Error('nothing was published');
    return this.#manifest;
  }

  /** One compile for all. */
  async start(streams: number): Promise<void> {
    const [report] = await Promise.all(this.#input.nodes.slice(0, streams).map((node) => this.#publisher.want(node)));
    this.#take(report);
  }

  async change(): Promise<void> {
    this.#round += 1;
    this.#take(await this.#publisher.publish());
  }

  #take(report: PublishReport | undefined): void {
    if (report?.result !== 'published') throw new Error(`a change was not published: ${report?.result}`);
    this.#manifest = report.manifest;
  }
}

async function withSides<T>(folder: string, work: (sides: Sides) => Promise<T>): Promise<T> {
  const started: Child[] = [];
  const start = (file: string, args: readonly string[] = []): Child => {
    const child = startChild(file, args);
    started.push(child);
    return child;
  };
  try {
    return await work({
      gateway: { server: start('./push-gateway.ts', [folder]), fleet: start('./push-fleet.ts') },
      floor: { server: start('./push-floor.ts'), fleet: start('./push-fleet.ts') },
    });
  } finally {
    for (const child of started) child.process.kill();
  }
}

async function times<T>(count: number, work: () => Promise<T>): Promise<readonly T[]> {
  const all: T[] = [];
  while (all.length < count) all.push(await work());
  return all;
}

function syncFigures(protocol: Protocol, { gateway, floor, encoded }: Pair): readonly Figure[] {
  const what = `${protocol}, first sync`;
  return [
    { what: `${what}, last ACK`, unit: 'ms', value: gateway.lastMs, beside: floor.lastMs },
    { what: `${what}, gateway CPU`, unit: 'ms', value: gateway.serverCpuMs, beside: floor.serverCpuMs },
    { what: `${what}, sent`, unit: 'MB', value: gateway.bytes / 1e6 },
    { what: `${what}, messages encoded by the gateway`, unit: '', value: encoded },
    { what: `${what}, gateway RSS after it`, unit: 'MB', value: gateway.serverRssMb, beside: floor.serverRssMb },
    { what: `${what}, gateway peak RSS`, unit: 'MB', value: gateway.serverPeakMb, beside: floor.serverPeakMb },
  ];
}

function changeFigures(protocol: Protocol, { gateway, floor, encoded }: Pair, publishMs: number): readonly Figure[] {
  const what = `${protocol}, one change`;
  return [
    { what: `${what}, compile and publish`, unit: 'ms', value: publishMs },
    { what: `${what}, published to ACK, p50`, unit: 'ms', value: gateway.p50Ms, beside: floor.p50Ms },
    { what: `${what}, published to last ACK`, unit: 'ms', value: gateway.lastMs, beside: floor.lastMs },
    { what: `${what}, gateway CPU`, unit: 'ms', value: gateway.serverCpuMs, beside: floor.serverCpuMs },
    { what: `${what}, sent`, unit: 'MB', value: gateway.bytes / 1e6 },
    { what: `${what}, messages encoded by the gateway`, unit: '', value: encoded },
  ];
}
