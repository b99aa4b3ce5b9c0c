import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Bench, type Figure, median } from './bench.ts';
import { type MeshName, needMesh } from './compile-input.ts';
import type { CompileRun } from './compile-run.ts';

const processes = 3;

export const compileBench: Bench = {
  name: 'compile',
  about: `a mesh compiled for all its nodes, and after one VirtualService changed (beside: compiled whole); median of ${processes} processes`,
  run: async (say) => {
    const figures: Figure[] = [];
    for (const name of ['demo', 'mesh-100'] as const) {
      needMesh(name);
      figures.push(...toFigures(name, await measure(name, say)));
    }
    return figures;
  },
};

export const compileLargeBench: Bench = {
  name: 'compile-1000',
  about: `the same for 1,000 services and 1,000 classes, and what grows (beside: 100 services and 200 classes)`,
  run: async (say) => {
    needMesh('mesh-1000');
    const small = await measure('mesh-100', say);
    const large = await measure('mesh-1000', say);
    return [...toFigures('mesh-1000', large), ...growth(large, small)];
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
    fullMs: middle(({ fullMs }) => fullMs),
    changeMs: middle(({ changeMs }) => changeMs),
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
    { what: `${name}, first compile of a process`, unit: 'ms', value: run.coldMs },
    { what: `${name}, peak RSS of that process`, unit: 'MB', value: run.coldPeakMb },
    { what: `${name}, classes`, unit: '', value: counts.classes },
    { what: `${name}, chunks built`, unit: '', value: counts.chunksBuilt },
    { what: `${name}, resources built and encoded`, unit: '', value: counts.resourcesEncoded },
    { what: `${name}, distinct resources`, unit: '', value: run.resources },
    { what: `${name}, one change`, unit: 'ms', value: run.changeMs, beside: run.fullMs },
    { what: `${name}, one change, chunks built`, unit: '', value: changeCounts.chunksBuilt, beside: counts.chunksBuilt },
    {
      what: `${name}, one change, resources built and encoded`,
      unit: '',
      value: changeCounts.resourcesEncoded,
      beside: counts.resourcesEncoded,
    },
    { what: `${name}, one change, distinct resources`, unit: '', value: run.changedResources, beside: run.resources },
  ];
}

function growth(large: CompileRun, small: CompileRun): readonly Figure[] {
  return [
    { what: 'growth, whole', unit: 'ms', value: large.fullMs, beside: small.fullMs },
    { what: 'growth, resources built and encoded', unit: '', value: large.counts.resourcesEncoded, beside: small.counts.resourcesEncoded },
    { what: 'growth, one change', unit: 'ms', value: large.changeMs, beside: small.changeMs },
    { what: 'growth, peak RSS', unit: 'MB', value: large.coldPeakMb, beside: small.coldPeakMb },
  ];
}
