// Part of npm run check: the import table, import cycles, file lengths.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLayout } from './layout-rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const paths: string[] = [];
for await (const path of glob('{shared,functions,cli,test,scripts}/**/*.ts', { cwd: root, exclude: ['**/node_modules', 'shared/gen/**'] }))
  paths.push(path);
const files = await Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })));
const findings = checkLayout(files);
for (const { severity, place, message } of findings) console.log(`${severity}: ${place} ${message}`);
const errors = findings.filter(({ severity }) => severity === 'error').length;
console.log(`layout of ${files.length} files: ${errors} errors, ${findings.length - errors} warnings`);
process.exitCode = errors === 0 ? 0 : 1;
