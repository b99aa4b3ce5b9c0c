// npm run bench -- FILTER… [--json FILE]: runs the benches whose name contains one of the filters (all without one) and prints their figures.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Bench, type Figure, LeftOut } from './bench.ts';
import { compileBench } from './compile.ts';
import { injectBundle } from './inject-bundle.ts';
import { injectCpu } from './inject-cpu.ts';
import { injectTls } from './inject-tls.ts';
import { lambdaBench } from './lambda.ts';
import { pushBench, pushLargeBench, pushManyBench } from './push.ts';
import { figureTable } from './table.ts';
import { validateBench } from './validate.ts';

const benches: readonly Bench[] = [
  injectCpu,
  injectTls,
  injectBundle,
  lambdaBench,
  compileBench,
  pushBench,
  pushLargeBench,
  pushManyBench,
  validateBench,
];

const { positionals: filters, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const chosen = benches.filter(({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)));
if (chosen.length === 0) {
  console.error(`no bench is called like ${filters.join(' or ')}; there are ${benches.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
}
const results: Record<string, readonly Figure[]> = {};
for (const bench of chosen) {
  console.log(`\n${bench.name}: ${bench.about}`);
  const figures = await figuresOf(bench);
  if (figures === undefined) continue;
  results[bench.name] = figures;
  console.log(figureTable(figures));
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, undefined, 2)}\n`);

async function figuresOf(bench: Bench): Promise<readonly Figure[] | undefined> {
  try {
    return await bench.run((line) => console.error(`  ${line}`));
  } catch (caught) {
    if (!(caught instanceof LeftOut)) throw caught;
    console.log(`left out: ${caught.message}`);
    return undefined;
  }
}
