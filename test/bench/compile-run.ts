// Child process of the compile bench: one mesh, compiled from nothing, then again and again after a change. A process of its own has a peak of its own.
import { type CompileCounts, compile } from '../../shared/compile/compile.ts';
import { median } from './bench.ts';
import { meshNames, readMesh } from './compile-input.ts';

export interface CompileRun {
  readonly readMs: number;
  /** The first compile of the process. */
  readonly coldMs: number;
  /** Peak of the process when that was done. */
  readonly coldPeakMb: number;
  /** The same once more, with nothing taken over. */
  readonly fullMs: number;
  readonly counts: CompileCounts;
  /** Distinct resources. */
  readonly resources: number;
  /** Median. */
  readonly changeMs: number;
  readonly changeCounts: CompileCounts;
  /** Distinct resources that the change made new. */
  readonly changedResources: number;
}

const changes = 3;

const name = meshNames.find((known) => known === process.argv[2]) ?? 'demo';
const { value: mesh, ms: readMs } = await timed(() => readMesh(name));
const { ms: coldMs } = await timed(async () => compile(mesh.world, mesh.nodes));
const coldPeakMb = (process.resourceUsage().maxRSS * 1024) / 1e6;
const { value: full, ms: fullMs } = await timed(async () => compile(mesh.world, mesh.nodes));

let last = full;
let changedResources = 0;
const changeMs: number[] = [];
for (let round = 1; round <= changes; round += 1) {
  const world = mesh.changed(round);
  const { value, ms } = await timed(async () => compile(world, mesh.nodes, last.memo));
  changedResources = [...value.snapshot.bodies.keys()].filter((hash) => !last.snapshot.bodies.has(hash)).length;
  last = value;
  changeMs.push(ms);
}
const run: CompileRun = {
  readMs,
  coldMs,
  coldPeakMb,
  fullMs,
  counts: full.counts,
  resources: full.snapshot.bodies.size,
  changeMs: median(changeMs),
  changeCounts: last.counts,
  changedResources,
};
process.send?.(run, () => process.disconnect());

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}
