import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { fileStore } from '../../shared/store/file.ts';
import { compilerRaces } from '../../test/fixtures/compiler-races.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pilotless-races-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

compilerRaces('files', 200, async () => ({ store: fileStore(folder), other: fileStore(folder) }));
