// npm run build: every functions/<name>/handler.ts becomes dist/functions/<name>/index.mjs, with what it loads later beside it and nothing else. What the
// gateway's container holds becomes dist/container.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, writeBundle } from './bundle.ts';
import { writeContainer } from './container.ts';

interface Budget {
  /** Bytes of what every start reads and compiles: a new dependency must be worth it. */
  readonly start: number;
  /** Bytes of all files: a start does not read them, an upload does. */
  readonly all: number;
}

const budgets: Readonly<Record<string, Budget>> = {
  inject: { start: 350_000, all: 1_500_000 },
  snapshot: { start: 1_600_000, all: 2_500_000 },
  validate: { start: 600_000, all: 2_000_000 },
};

const root = fileURLToPath(new URL('..', import.meta.url));

const names = (await readdir(join(root, 'functions'))).filter((name) => existsSync(join(root, 'functions', name, 'handler.ts'))).sort();
const tooLarge: string[] = [];
for (const name of names) {
  const made = await bundle({ entry: join(root, 'functions', name, 'handler.ts') });
  await writeBundle(made, join(root, 'dist', 'functions', name));
  const budget = budgets[name];
  if (budget === undefined) tooLarge.push(`${name} has no budget: add one in scripts/build.ts`);
  else tooLarge.push(...report(name, 'at its start', made.startBytes, budget.start), ...report(name, 'in all', made.allBytes, budget.all));
}
await writeContainer(join(root, 'dist', 'container'));
for (const line of tooLarge) console.error(line);
if (tooLarge.length > 0) process.exitCode = 1;

/** Prints a size; says what is to be done if it is over its budget. */
function report(name: string, what: string, bytes: number, budget: number): readonly string[] {
  console.log(`${`${name} ${what}`.padEnd(24)} ${bytes.toLocaleString('en').padStart(9)} bytes  (budget ${budget.toLocaleString('en')})`);
  if (bytes <= budget) return [];
  return [`${name} is ${bytes - budget} bytes over its budget ${what}: see what came in, or argue for a new budget in scripts/build.ts`];
}
