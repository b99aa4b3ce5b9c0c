/**
 * Generates `shared/gen` from .proto files: Envoy's as `@grpc/grpc-js-xds` ships them, with the fields that this copy lacks (`proto/overlay`), and
 * Istio's few own messages (`proto`). Nothing of it is committed. A stamp over all inputs makes a second run a matter of milliseconds.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importClosure } from './protos/closure.ts';
import { generateFiles } from './protos/generate.ts';
import { mergeOverlay } from './protos/overlay.ts';
import { registryModule } from './protos/registry.ts';
import { rootPatterns, unresolvable } from './protos/roots.ts';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(project, 'shared/gen');
const deps = join(project, 'node_modules/@grpc/grpc-js-xds/deps');
const overlay = join(project, 'proto/overlay');
/** Where an import is looked for, in this order; our own come first. */
const includes = [join(project, 'proto'), ...['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'].map((name) => join(deps, name))];

/** Every .proto file that is needed, by its import path, with the overlay's fields merged in. */
function sources(): ReadonlyMap<string, string> {
  const closure = importClosure({ includes, rootPatterns, unresolvable });
  return new Map(
    [...closure].map(([path, text]) => {
      const extra = join(overlay, path);
      return [path, existsSync(extra) ? mergeOverlay(text, readFileSync(extra, 'utf8')) : text];
    }),
  );
}

/** SHA-256 of everything that the output depends on: the sources, the generator's version and these scripts. */
function stampOf(files: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  const tools = ['@bufbuild/protoc-gen-es', '@bufbuild/buf'].map((name) => join(project, 'node_modules', name, 'package.json'));
  const scripts = ['closure', 'generate', 'message-table', 'overlay', 'registry', 'roots'].map((name) =>
    join(project, 'scripts/protos', `${name}.ts`),
  );
  for (const path of [...tools, ...scripts, fileURLToPath(import.meta.url)]) hash.update(readFileSync(path));
  for (const [path, text] of files) hash.update(`${path}\0${text}\0`);
  return hash.digest('hex');
}

function main(): void {
  const started = performance.now();
  const stampFile = join(target, 'stamp.txt');
  if (!existsSync(deps)) {
    // An installation without development dependencies runs what was generated before.
    if (existsSync(stampFile)) return;
    throw new Error('shared/gen is missing and its sources too: install with development dependencies once (npm ci)');
  }
  const files = sources();
  const stamp = stampOf(files);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;

  const work = mkdtempSync(join(tmpdir(), 'pilotless-protos-'));
  try {
    writeTree(join(work, 'proto'), files);
    const generated = generateFiles(join(work, 'proto'), join(project, 'node_modules/.bin'));
    const modules = new Map([...generated, ['registry.ts', registryModule([...generated.keys()])], ['stamp.txt', stamp]]);
    const fresh = `${target}.${process.pid}`;
    writeTree(fresh, modules);
    rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
    console.log(
      `generated ${generated.size} files in shared/gen from ${files.size} .proto files in ${Math.round(performance.now() - started)} ms`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function writeTree(root: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

main();
