import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CompileCounts } from '../../shared/compile/compile.ts';
import { type Bench, type Figure, median } from './bench.ts';
import { type MeshName, meshNames, needMesh } from './compile-input.ts';
import type { CompileRun } from './compile-run.ts';

const processes = 3;

/** Of the resources of a whole compile, after one VirtualService changed. */
const promisedShare = 1;
/** For 1,000 services and 1,000 nodes. */
const promisedMs = 15_000;
const promisedPeakMb = 1_500;
/** From 100 services to 1,000. */
const promisedGrowth = 12;

export const compileBench: Bench = {
  name: 'compile',
  about: `a mesh compiled for all its nodes, and after one VirtualService changed (beside: compiled whole); median of ${processes} processes`,
  run: async (say) => {
    for (const name of meshNames) needMesh(name);
    const demo = await measure('demo', say);
    const small = await measure('mesh-100', say);
    const large = await measure('mesh-1000', say);
    return [
      ...toFigures('demo', demo),
      ...toFigures('mesh-100', small),
      ...promisedShares('mesh-100', small),
      ...toFigures('mesh-1000', large),
      ...promisedShares('mesh-1000', large),
      ...promises(large),
      ...growth(large, small),
    ];
  },
};

async function measure(name: MeshName, say: (line: string) => void): Promise<CompileRun> {
  say(`${name} in ${processes} processes`);
  const runs: CompileRun[] = [];
  for (let count = 0; count < processes; count += 1) runs.push(await runOnce(name));
  const [first] = runs;
  if (first === undefined) throw new Error('nothing was run');
  const middle = (of: (run: CompileRun) => number): number => median(runs.map(of));
  return {
    ...first,
    readMs: middle(({ readMs }) => readMs),
    coldMs: middle(({ coldMs }) => coldMs),
    coldPeakMb: middle(({ coldPeakMb }) => coldPeakMb),
    wholeMs: middle(({ wholeMs }) => wholeMs),
    wholeCpuMs: middle(({ wholeCpuMs }) => wholeCpuMs),
    changeMs: middle(({ changeMs }) => changeMs),
    changeCpuMs: middle(({ changeCpuMs }) => changeCpuMs),
    sameMs: middle(({ sameMs }) => sameMs),
    peakMb: middle(({ peakMb }) => peakMb),
  };
}

async function runOnce(name: MeshName): Promise<CompileRun> {
  const child = fork(fileURLToPath(new URL('./compile-run.ts', import.meta.url)), [name]);
  const left = once(child, 'exit').then(([code]) => Promise.reject(new Error(`compiling ${name} ended with code ${code}`)));
  const [run] = (await Promise.race([once(child, 'message'), left])) as [CompileRun];
  left.catch(() => undefined);
  return run;
}

function toFigures(name: MeshName, run: CompileRun): readonly Figure[] {
  const { counts, changeCounts } = run;
  return [
    { what: `${name}, files read`, unit: 'ms', value: run.readMs },
    { what: `${name}, classes`, unit: '', value: counts.classes },
    { what: `${name}, distinct resources`, unit: '', value: run.resources },
    { what: `${name}, one change, time`, unit: 'ms', value: run.changeMs, beside: run.wholeMs },
    { what: `${name}, one change, CPU`, unit: 'ms', value: run.changeCpuMs, beside: run.wholeCpuMs },
    { what: `${name}, nothing changed, time`, unit: 'ms', value: run.sameMs, beside: run.wholeMs },
    { what: `${name}, one change, chunks built`, unit: '', value: changeCounts.chunksBuilt, beside: counts.chunksBuilt },
    { what: `${name}, one change, resources built`, unit: '', value: changeCounts.resourcesBuilt, beside: counts.resourcesBuilt },
    { what: `${name}, one change, resources encoded`, unit: '', value: changeCounts.resourcesEncoded, beside: counts.resourcesEncoded },
    { what: `${name}, one change, new distinct resources`, unit: '', value: run.changedResources, beside: run.resources },
  ];
}

function promisedShares(name: MeshName, { counts, changeCounts }: CompileRun): readonly Figure[] {
  const share = (of: (counts: CompileCounts) => number): number => (100 * of(changeCounts)) / of(counts);
  return [
    { what: `${name}, change ÷ whole, resources built`, unit: '%', value: share((of) => of.resourcesBuilt), atMost: promisedShare },
    { what: `${name}, change ÷ whole, resources encoded`, unit: '%', value: share((of) => of.resourcesEncoded), atMost: promisedShare },
  ];
}

function promises({ coldMs, coldPeakMb, peakMb }: CompileRun): readonly Figure[] {
  return [
    { what: 'mesh-1000, first compile of a process', unit: 'ms', value: coldMs, atMost: promisedMs },
    { what: 'mesh-1000, peak RSS of a process that does only that', unit: 'MB', value: coldPeakMb, atMost: promisedPeakMb },
    { what: 'mesh-1000, peak RSS after all compiles', unit: 'MB', value: peakMb, atMost: promisedPeakMb },
  ];
}

function growth(large: CompileRun, small: CompileRun): readonly Figure[] {
  const times = (of: (run: CompileRun) => number): number => of(large) / of(small);
  return [
    { what: 'growth 100 → 1,000, first compile', unit: '×', value: times(({ coldMs }) => coldMs), atMost: promisedGrowth },
    { what: 'growth 100 → 1,000, whole compile', unit: '×', value: times(({ wholeMs }) => wholeMs), atMost: promisedGrowth },
    { what: 'growth 100 → 1,000, whole compile, CPU', unit: '×', value: times(({ wholeCpuMs }) => wholeCpuMs), atMost: promisedGrowth },
    { what: 'growth 100 → 1,000, one change', unit: '×', value: times(({ changeMs }) => changeMs), atMost: promisedGrowth },
    { what: 'growth 100 → 1,000, resources built', unit: '×', value: times(({ counts }) => counts.resourcesBuilt) },
    { what: 'growth 100 → 1,000, peak RSS', unit: '×', value: times(({ coldPeakMb }) => coldPeakMb) },
  ];
}
