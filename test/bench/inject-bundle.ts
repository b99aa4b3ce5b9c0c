import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle, writeBundle } from '../../scripts/bundle.ts';
import { withoutUnusedTables } from '../../scripts/left-out.ts';
import { type Bench, type Figure, median } from './bench.ts';
import { root } from './inputs.ts';

const runs = 15;

/** Imports a bundle in a fresh process, as a cold start does. */
const importer = `
const before = process.cpuUsage();
const start = performance.now();
await import(process.argv[1]);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ wallMs: performance.now() - start, cpuMs: (user + system) / 1000 }));
`;

export const injectBundle: Bench = {
  name: 'inject-bundle',
  about: `bundle bytes and cold import (median of ${runs} processes), beside express + serverless-http alone`,
  run: async (say) => {
    const directory = await mkdtemp(join(tmpdir(), 'pilotless-bench-'));
    try {
      const files = await writeBundles(directory);
      say(`importing 3 bundles in ${runs} processes each`);
      const inject = await measure(files.inject);
      return [
        ...toFigures('beside both as they are', inject, await measure(files.plain)),
        ...toFigures('beside both without unused tables', inject, await measure(files.trimmed)),
      ];
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};

interface BundleFiles {
  readonly inject: string;
  /** express + serverless-http as the packages are. */
  readonly plain: string;
  /** The same, built like our functions. */
  readonly trimmed: string;
}

async function writeBundles(directory: string): Promise<BundleFiles> {
  const echo = join(root, 'test/bench/echo-handler.ts');
  const write = async (name: string, entry: string, plugins = [withoutUnusedTables]): Promise<string> => {
    const folder = join(directory, name);
    await writeBundle(await bundle({ entry, plugins }), folder);
    return join(folder, 'index.mjs');
  };
  return {
    inject: await write('inject', join(root, 'functions/inject/handler.ts')),
    plain: await write('plain', echo, []),
    trimmed: await write('trimmed', echo),
  };
}

interface Measured {
  readonly bytes: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function measure(file: string): Promise<Measured> {
  const times: Omit<Measured, 'bytes'>[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', importer, file]);
    times.push(JSON.parse(stdout));
  }
  const { size } = await stat(file);
  return { bytes: size, wallMs: median(times.map(({ wallMs }) => wallMs)), cpuMs: median(times.map(({ cpuMs }) => cpuMs)) };
}

function toFigures(what: string, ours: Measured, beside: Measured): readonly Figure[] {
  return [
    { what: `bundle, ${what}`, unit: 'bytes', value: ours.bytes, beside: beside.bytes },
    { what: `cold import, ${what}`, unit: 'ms', value: ours.wallMs, beside: beside.wallMs },
    { what: `CPU of the cold import, ${what}`, unit: 'ms', value: ours.cpuMs, beside: beside.cpuMs },
  ];
}
