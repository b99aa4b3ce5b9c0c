// The import table of the design (docs/architecture.md) as data, and the checks that hold it. Pure: takes sources, gives findings.
import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** A source file, its path relative to the checkout with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Finding {
  readonly severity: 'error' | 'warning';
  /** `path:line`, or the path. */
  readonly place: string;
  /** What is wrong, why that matters, and what to do instead. */
  readonly message: string;
}

interface LayoutRule {
  /** Folders whose files the rule is for. */
  readonly folder: string;
  /** Folders that they may import besides their own. */
  readonly mayImport: readonly string[];
  readonly why: string;
}

/** The first rule whose folder holds a file is the file's rule. */
const layout: readonly LayoutRule[] = [
  { folder: 'shared/lib', mayImport: [], why: 'tiny types stand below everything: what they need is a tiny type itself' },
  { folder: 'shared/kube', mayImport: ['shared/lib'], why: 'Kubernetes objects know nothing of meshes' },
  { folder: 'shared/config', mayImport: ['shared/lib', 'shared/gen'], why: 'what users write is decoded before anybody interprets it' },
  { folder: 'shared/model', mayImport: ['shared/lib', 'shared/config'], why: 'the mesh knows neither Kubernetes nor Envoy' },
  {
    folder: 'shared/sources',
    mayImport: ['shared/lib', 'shared/kube', 'shared/config', 'shared/model'],
    why: 'a source turns a registry into the mesh',
  },
  {
    folder: 'shared/analysis',
    mayImport: ['shared/lib', 'shared/config', 'shared/model'],
    why: 'rules across objects read the mesh, not a registry',
  },
  { folder: 'shared/inject', mayImport: ['shared/lib', 'shared/kube', 'shared/config/mesh'], why: 'the injection bundle stays small' },
  {
    folder: 'shared/xds',
    mayImport: ['shared/lib', 'shared/config', 'shared/model', 'shared/gen'],
    why: 'Envoy resources are built from the mesh alone',
  },
  { folder: 'shared/snapshot', mayImport: ['shared/lib', 'shared/gen'], why: 'a snapshot holds bytes and hashes, no meaning' },
  {
    folder: 'shared/compile',
    mayImport: ['shared/lib', 'shared/config', 'shared/model', 'shared/sources', 'shared/xds', 'shared/snapshot'],
    why: 'the pipeline joins the stages and is joined by none',
  },
  { folder: 'shared/store', mayImport: ['shared/lib', 'shared/snapshot'], why: 'a store keeps bytes' },
  { folder: 'shared/ca', mayImport: ['shared/lib'], why: 'certificates know no mesh' },
  { folder: 'shared/iptables', mayImport: ['shared/lib'], why: 'rules are text' },
  { folder: 'shared/observe', mayImport: ['shared/lib'], why: 'logs and metrics are handed to the stages, which know only the interface' },
  {
    folder: 'shared/lambda',
    mayImport: ['shared/lib', 'shared/observe'],
    why: 'what stands around an app in Lambda knows nothing of what the app answers',
  },
  { folder: 'shared/gen', mayImport: [], why: 'generated code imports only itself' },
  { folder: 'functions', mayImport: ['shared'], why: 'a function is deployed alone: what two of them need lies in shared/' },
  { folder: 'cli', mayImport: ['shared', 'functions'], why: 'commands run what is deployed' },
  { folder: 'test', mayImport: ['shared', 'functions', 'cli', 'scripts'], why: 'tests may look at everything' },
  { folder: 'scripts', mayImport: ['shared', 'test'], why: 'scripts build and check, the program does not need them' },
];

const maxLines = 400;
const warnLines = 300;

/** Everything that is wrong with the layout of these files, sorted by place. */
export function checkLayout(files: readonly SourceFile[]): readonly Finding[] {
  const graph = new Map(files.map((file) => [file.path, importsOf(file)]));
  const findings = [
    ...files.flatMap(checkLength),
    ...[...graph].flatMap(([path, imports]) => imports.flatMap((found) => checkImport(path, found))),
    ...checkCycles(graph),
  ];
  return findings.sort((a, b) => (a.place < b.place ? -1 : 1));
}

interface FoundImport {
  /** Path of the imported file, relative to the checkout. */
  readonly target: string;
  readonly line: number;
}

/** Relative imports and re-exports, static and dynamic ones; packages are no matter of layout. */
function importsOf({ path, text }: SourceFile): readonly FoundImport[] {
  const { staticImports, staticExports, dynamicImports } = parseSync(path, text).module;
  const requests = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest),
    ...staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest ?? undefined)),
    ...dynamicImports.map(({ moduleRequest: { start, end } }) => ({ value: text.slice(start + 1, end - 1), start })),
  ];
  return requests
    .filter((request) => request?.value.startsWith('.') === true)
    .map((request) => ({
      target: posix.join(posix.dirname(path), request?.value ?? ''),
      line: text.slice(0, request?.start ?? 0).split('\n').length,
    }));
}

function checkLength({ path, text }: SourceFile): readonly Finding[] {
  const lines = text.split('\n').length - 1;
  if (lines > maxLines) {
    return [
      {
        severity: 'error',
        place: path,
        message: `has ${lines} lines of at most ${maxLines}; nobody reads longer files as a whole: make it a folder of the same name`,
      },
    ];
  }
  if (lines > warnLines)
    return [
      {
        severity: 'warning',
        place: path,
        message: `has ${lines} lines and grows towards the limit of ${maxLines}: look for the part that has a name of its own`,
      },
    ];
  return [];
}

function checkImport(path: string, { target, line }: FoundImport): readonly Finding[] {
  const rule = layout.find(({ folder }) => isBelow(path, folder));
  const error = (message: string): readonly Finding[] => [{ severity: 'error', place: `${path}:${line}`, message }];
  if (rule === undefined)
    return isAtRoot(path)
      ? []
      : error('lies in a folder that the layout does not know; add it to scripts/layout-rules.ts and docs/architecture.md');
  const [ownFunction, otherFunction] = [functionOf(path), functionOf(target)];
  if (ownFunction !== undefined && otherFunction !== undefined && ownFunction !== otherFunction) {
    return error(`imports ${target}, which belongs to another function; functions are deployed alone: move what both need to shared/`);
  }
  const isAllowed =
    [rule.folder, ...rule.mayImport].some((folder) => isBelow(target, folder)) || isAtRoot(target) || isTestHelp(path, target);
  if (isAllowed) return [];
  const allowed = rule.mayImport.length === 0 ? 'nothing else' : `only ${rule.mayImport.join(', ')}`;
  return error(
    `imports ${target}, but ${rule.folder} may import ${allowed}, because ${rule.why}; pass the value in, or move the code to where both may see it`,
  );
}

/** Unit tests beside the code use the fixtures of test/, and real messages. */
function isTestHelp(path: string, target: string): boolean {
  return path.endsWith('.test.ts') && (isBelow(target, 'test') || isBelow(target, 'shared/gen'));
}

function functionOf(path: string): string | undefined {
  const [top, name] = path.split('/');
  return top === 'functions' ? name : undefined;
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function isAtRoot(path: string): boolean {
  return !path.includes('/');
}

/** One finding for each way back that a walk over the imports meets. */
function checkCycles(graph: ReadonlyMap<string, readonly FoundImport[]>): readonly Finding[] {
  const findings: Finding[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      const cycle = [...trail.slice(start), path].join(' → ');
      findings.push({
        severity: 'error',
        place: path,
        message: `is part of an import cycle, so neither file can be read or tested alone: ${cycle}; move what they share to a third file`,
      });
      return;
    }
    if (done.has(path)) return;
    for (const { target } of graph.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of [...graph.keys()].sort()) walk(path, []);
  return findings;
}
