// Child process of the compile bench: one mesh, compiled from nothing, then again and again after a change. A process of its own has a peak of its own.
import { type CompileCounts, compile } from '../../shared/compile/compile.ts';
import { median } from './bench.ts';
import { meshNames, readMesh } from './compile-input.ts';

export interface CompileRun {
  readonly readMs: number;
  /** The first compile of the process. */
  readonly coldMs: number;
  /** Peak of the process when that was done: it read the mesh and compiled it once, nothing else. */
  readonly coldPeakMb: number;
  /** The same once more, with nothing taken over. */
  readonly wholeMs: number;
  readonly wholeCpuMs: number;
  readonly counts: CompileCounts;
  /** Distinct resources. */
  readonly resources: number;
  /** Median. */
  readonly changeMs: number;
  readonly changeCpuMs: number;
  readonly changeCounts: CompileCounts;
  /** Distinct resources that the change made new. */
  readonly changedResources: number;
  /** Median of compiles of the very same world. */
  readonly sameMs: number;
  /** Peak of the process after all compiles. */
  readonly peakMb: number;
}

const rounds = 5;

interface Timed<T> {
  readonly value: T;
  readonly ms: number;
  readonly cpuMs: number;
}

const name = meshNames.find((known) => known === process.argv[2]) ?? 'demo';
const { value: mesh, ms: readMs } = await timed(() => readMesh(name));
const { ms: coldMs } = await timed(async () => compile(mesh.world, mesh.nodes));
const coldPeakMb = peakMb();
const { value: whole, ms: wholeMs, cpuMs: wholeCpuMs } = await timed(async () => compile(mesh.world, mesh.nodes));

let last = whole;
let changedResources = 0;
const changes: Timed<unknown>[] = [];
for (let round = 1; round <= rounds; round += 1) {
  const world = mesh.changed(round);
  const change = await timed(async () => compile(world, mesh.nodes, last.memo));
  changedResources = [...change.value.snapshot.bodies.keys()].filter((hash) => !last.snapshot.bodies.has(hash)).length;
  last = change.value;
  changes.push(change);
}
const world = mesh.changed(rounds);
const same: Timed<unknown>[] = [];
while (same.length < rounds) same.push(await timed(async () => compile(world, mesh.nodes, last.memo)));

const run: CompileRun = {
  readMs,
  coldMs,
  coldPeakMb,
  wholeMs,
  wholeCpuMs,
  counts: whole.counts,
  resources: whole.snapshot.bodies.size,
  changeMs: median(changes.map(({ ms }) => ms)),
  changeCpuMs: median(changes.map(({ cpuMs }) => cpuMs)),
  changeCounts: last.counts,
  changedResources,
  sameMs: median(same.map(({ ms }) => ms)),
  peakMb: peakMb(),
};
process.send?.(run, () => process.disconnect());

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { value, ms: performance.now() - start, cpuMs: (user + system) / 1e3 };
}

function peakMb(): number {
  return (process.resourceUsage().maxRSS * 1024) / 1e6;
}
