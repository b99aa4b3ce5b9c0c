import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { withoutUnusedTables } from './left-out.ts';
import { onlyYamlParser } from './yaml-parser.ts';

export interface Bundle {
  /** `index.mjs`, below `chunks/` what it shares with parts that are loaded when they are first needed, and the licenses of all of it. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly metafile: Metafile;
  /** Bytes of what every start reads: `index.mjs` and what it imports. */
  readonly startBytes: number;
  /** Bytes of all files. */
  readonly allBytes: number;
}

export interface BundleOptions {
  /** Source file with the handler. */
  readonly entry: string;
  /** @default without the tables that webhooks never reach */
  readonly plugins?: readonly Plugin[];
}

/** Packages that are CommonJS call `require` for Node's own modules; an ES module has none. */
const requireInModules = "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);";
const entryName = 'index.mjs';

/** Self-contained ES modules for Lambda's Node 22 and 24. What the code imports when it needs it, the AWS SDK above all, lies in files of its own. */
export async function bundle({ entry, plugins = [withoutUnusedTables] }: BundleOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [{ in: entry, out: 'index' }],
    outdir: '.',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    // What is imported later has to be an ES module: of others esbuild gives only the default export.
    mainFields: ['module', 'main'],
    legalComments: 'linked',
    banner: { js: requireInModules },
    plugins: [onlyYamlParser, ...plugins],
    logLevel: 'error',
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [relative(process.cwd(), path), contents]));
  if (!files.has(entryName)) throw new Error(`esbuild made no ${entryName} of ${entry}`);
  const sizeOf = (names: Iterable<string>): number => [...names].reduce((sum, name) => sum + (metafile.outputs[name]?.bytes ?? 0), 0);
  return { files, metafile, startBytes: sizeOf(readAtStart(metafile)), allBytes: sizeOf(files.keys()) };
}

/** Puts the files of a bundle into a folder, and removes what else was there. */
export async function writeBundle({ files }: Pick<Bundle, 'files'>, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [name, contents] of files) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), contents);
  }
}

function readAtStart({ outputs }: Metafile): ReadonlySet<string> {
  const read = new Set([entryName]);
  for (const name of read) {
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement' && path in outputs) read.add(path);
  }
  return read;
}
