import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface ClosureInput {
  /** Folders in which import paths are looked up; the first that has a file wins. */
  readonly includes: readonly string[];
  /** Globs over import paths. */
  readonly rootPatterns: readonly string[];
  /** Import paths that are left out, and whose import statements are removed. */
  readonly unresolvable: readonly string[];
}

const importLine = /^import\s+(?:public\s+|weak\s+)?"([^"]+)"\s*;.*$/gm;
const wellKnown = 'google/protobuf/';

/** The files that match the roots and all that they import, by import path, sorted. The well-known types are left to the compiler. */
export function importClosure({ includes, rootPatterns, unresolvable }: ClosureInput): ReadonlyMap<string, string> {
  const roots = includes.flatMap((folder) => rootPatterns.flatMap((pattern) => globSync(pattern, { cwd: folder })));
  const texts = new Map<string, string>();
  const queue = roots.filter((path) => !unresolvable.includes(path));
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (texts.has(path)) continue;
    const text = withoutImports(readProto(includes, path), unresolvable);
    texts.set(path, text);
    queue.push(...importsOf(text).filter((name) => !name.startsWith(wellKnown)));
  }
  return new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readProto(includes: readonly string[], path: string): string {
  const folder = includes.find((include) => existsSync(join(include, path)));
  if (folder === undefined) throw new Error(`${path} is imported but in none of ${includes.join(', ')}`);
  return readFileSync(join(folder, path), 'utf8');
}

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(importLine)].map((match) => match[1] ?? '');
}

function withoutImports(text: string, paths: readonly string[]): string {
  return text.replace(importLine, (line, path: string) => (paths.includes(path) ? '' : line));
}
