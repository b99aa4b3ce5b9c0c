import { build, type Metafile, type Plugin } from 'esbuild';
import { withoutUnusedTables } from './left-out.ts';
import { onlyYamlParser } from './yaml-parser.ts';

export interface Bundle {
  readonly code: Buffer;
  readonly metafile: Metafile;
}

export interface BundleOptions {
  /** Source file with the handler. */
  readonly entry: string;
  /** @default without the tables that webhooks never reach */
  readonly plugins?: readonly Plugin[];
}

/** Packages that are CommonJS call `require` for Node's own modules; an ES module has none. */
const requireInModules = "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);";

/** One self-contained ES module for Lambda's Node 22 and 24. */
export async function bundle({ entry, plugins = [withoutUnusedTables] }: BundleOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    outfile: 'index.mjs',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    legalComments: 'eof',
    banner: { js: requireInModules },
    plugins: [onlyYamlParser, ...plugins],
    logLevel: 'error',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made no file of ${entry}`);
  return { code: Buffer.from(file.contents), metafile };
}
