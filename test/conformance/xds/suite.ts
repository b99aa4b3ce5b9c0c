import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Dump, dumpClass } from '../../../cli/compile/dump.ts';
import { compile } from '../../../shared/compile/compile.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../../../shared/lib/json.ts';
import { classKeyOf } from '../../../shared/snapshot/projection.ts';
import { difference } from '../difference.ts';
import type { Row, Suite } from '../suite.ts';
import { readScenario, scenarioNames } from './scenario.ts';

/** What every proxy of a scenario gets: a row for each recorded resource, and one for each of ours that was not recorded. */
export const xdsSuite: Suite = {
  name: 'xds',
  folder: 'xds',
  rows: (folder) => scenarioNames(folder).flatMap((scenario) => scenarioRows(join(folder, scenario), scenario)),
};

/** Files whose resources no compile makes yet do not take part: their builders are not there. */
const comparedFiles = ['clusters', 'endpoints', 'listeners', 'routes', 'nametable', 'secrets', 'secrets-needed'];

function scenarioRows(folder: string, scenario: string): readonly Row[] {
  const dumps = once(() => compileScenario(folder));
  return readdirSync(join(folder, 'out'))
    .sort()
    .flatMap((proxy) => comparedFiles.flatMap((file) => fileRows({ folder, scenario, proxy, file }, dumps)));
}

interface Place {
  readonly folder: string;
  readonly scenario: string;
  readonly proxy: string;
  readonly file: string;
}

type Dumps = () => Promise<ReadonlyMap<string, Dump>>;

function fileRows({ folder, scenario, proxy, file }: Place, dumps: Dumps): readonly Row[] {
  const path = join(folder, 'out', proxy, `${file}.json`);
  if (!existsSync(path)) return [];
  const recorded = named(JSON.parse(readFileSync(path, 'utf8')) as JsonValue);
  const tags = [scenario, file, `${scenario}/${file}`];
  const ours = async (): Promise<ReadonlyMap<string, JsonValue>> => named((await dumps()).get(proxy)?.get(file) ?? []);
  const rows = [...recorded].map(
    ([name, expected]): Row => ({
      id: `${scenario}/${proxy}/${file}/${name}`,
      tags,
      compare: async () => {
        const actual = (await ours()).get(name);
        return actual === undefined ? 'is missing' : difference(canonical(expected), canonical(actual));
      },
    }),
  );
  const extra: Row = {
    id: `${scenario}/${proxy}/${file}/(nothing else)`,
    tags,
    compare: async () => {
      const surplus = [...(await ours()).keys()].filter((name) => !recorded.has(name));
      return surplus.length === 0 ? undefined : `is not in the recording: ${surplus.join(', ')}`;
    },
  };
  return [...rows, extra];
}

async function compileScenario(folder: string): Promise<ReadonlyMap<string, Dump>> {
  const { world, proxies } = await readScenario(folder);
  const { snapshot } = compile(
    world,
    proxies.map(({ node }) => node),
  );
  return new Map(
    proxies.flatMap(({ name, node }) => {
      const found = snapshot.classes.get(classKeyOf(snapshot.projection, node));
      return found === undefined ? [] : [[name, dumpClass(found, snapshot.bodies, { showsSecrets: true })] as const];
    }),
  );
}

/** Resources by their name; bare names stand for themselves. */
function named(resources: JsonValue | readonly JsonValue[]): ReadonlyMap<string, JsonValue> {
  return new Map((isJsonArray(resources) ? resources : []).map((resource) => [nameOf(resource), resource]));
}

function nameOf(resource: JsonValue): string {
  if (typeof resource === 'string') return resource;
  const name = isJsonObject(resource) ? (resource['name'] ?? resource['clusterName']) : undefined;
  return typeof name === 'string' ? name : '';
}

/** Lists whose order came out of a map in the recorded program, sorted. */
const unordered: ReadonlySet<string> = new Set(['lbEndpoints', 'queryParameters']);

function canonical(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(canonical);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const inner = canonical(member ?? null);
      return [key, unordered.has(key) && isJsonArray(inner) ? inner.toSorted(byText) : inner];
    }),
  );
}

function byText(a: JsonValue, b: JsonValue): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
