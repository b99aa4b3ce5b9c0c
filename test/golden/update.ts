import { rmSync, writeFileSync } from 'node:fs';
import { goldens, staleGoldens } from './files.ts';

/** `npm run golden:update [-- FILTER]`: writes golden files anew and deletes those without an input. Read the difference before you commit it. */

const filter = process.argv[2] ?? '';
for (const { path, expected } of goldens().filter((golden) => golden.path.includes(filter))) writeFileSync(path, expected());
for (const path of staleGoldens()) rmSync(path);
