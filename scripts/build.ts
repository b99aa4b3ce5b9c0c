// npm run build: every functions/<name>/handler.ts becomes dist/functions/<name>/index.mjs, and nothing else lies in that folder.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';

/** Largest size of each bundle, in bytes. A cold start reads and compiles them: a new dependency must be worth it. */
const budgets: Readonly<Record<string, number>> = { inject: 345_000, validate: 120_000 };

const root = fileURLToPath(new URL('..', import.meta.url));

const names = (await readdir(join(root, 'functions'))).filter((name) => existsSync(join(root, 'functions', name, 'handler.ts'))).sort();
const tooLarge: string[] = [];
for (const name of names) {
  const { code } = await bundle({ entry: join(root, 'functions', name, 'handler.ts') });
  const folder = join(root, 'dist', 'functions', name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.mjs'), code);
  const budget = budgets[name];
  console.log(
    `${name.padEnd(10)} ${code.length.toLocaleString('en').padStart(9)} bytes  (budget ${budget?.toLocaleString('en') ?? 'none'})`,
  );
  if (budget === undefined) tooLarge.push(`${name} has no budget: add one in scripts/build.ts`);
  else if (code.length > budget)
    tooLarge.push(
      `${name} is ${code.length - budget} bytes over its budget: see what came in, or argue for a new budget in scripts/build.ts`,
    );
}
for (const line of tooLarge) console.error(line);
if (tooLarge.length > 0) process.exitCode = 1;
