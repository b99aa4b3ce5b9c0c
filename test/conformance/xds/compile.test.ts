import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWorld } from '../../../cli/compile/inputs.ts';
import { type CompileResult, compile } from '../../../shared/compile/compile.ts';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { type ClassKey, classKeyOf } from '../../../shared/snapshot/projection.ts';
import type { ResourceRef } from '../../../shared/snapshot/resource.ts';
import { hasRecordings, recordings, withoutRecordings } from '../recordings.ts';
import { readScenario, scenarioNames } from './scenario.ts';

const folder = join(recordings, 'xds');
const names = hasRecordings(folder) ? scenarioNames(folder) : [];
const bench = join(recordings, '../bench');

/** By type and name. */
function refsOf({ snapshot }: CompileResult, node: JsonObject): ReadonlyMap<string, ResourceRef> {
  const found = snapshot.classes.get(classKeyOf(snapshot.projection, node));
  return new Map(found?.chunks.flatMap(({ refs }) => refs.map((ref) => [`${ref.typeUrl} ${ref.name}`, ref] as const)) ?? []);
}

describe.skipIf(names.length === 0)(`compiling recorded scenarios (${names.length === 0 ? withoutRecordings : 'recorded'})`, () => {
  it.each(names)('%s: by class each proxy gets what it gets alone, whatever the order of the objects', async (name) => {
    const { world, proxies } = await readScenario(join(folder, name));
    const nodes = proxies.map(({ node }) => node);
    const together = compile(world, nodes);
    const reversed = compile({ ...world, objects: world.objects.toReversed() }, nodes.toReversed());

    for (const node of nodes) expect(refsOf(compile(world, [node]), node)).toEqual(refsOf(together, node));
    expect(reversed.snapshot.classes).toEqual(together.snapshot.classes);
  });
});

describe.skipIf(!existsSync(bench))('a mesh of 100 services and 1,000 nodes', () => {
  it('has as many classes as services, and one set of outbound chunks for each namespace', async () => {
    const nodes = readFileSync(join(bench, 'nodes-100.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject);
    const { value: world } = await readWorld(join(bench, 'mesh-100'), { meshConfig: readFileSync(join(bench, 'mesh.yaml'), 'utf8') });

    const { snapshot, counts } = compile(world, nodes);
    const namespaceOf = new Map<ClassKey, string>(nodes.map((node) => [classKeyOf(snapshot.projection, node), namespaceText(node)]));
    const chunksByNamespace = Map.groupBy([...snapshot.classes], ([key]) => namespaceOf.get(key));
    const shared = [...chunksByNamespace.values()].map((classes) => sharedTypes(classes.map(([, { chunks }]) => chunks)));

    // 100 services with two endpoints each. Nothing that proxies get tells the two versions apart.
    expect(counts.classes).toBe(100);
    expect(chunksByNamespace.size).toBe(10);
    const outbound = ['Cluster', 'ClusterLoadAssignment', 'Listener', 'Listener', 'RouteConfiguration'];
    expect(shared).toEqual(Array.from({ length: 10 }, () => outbound));
    // Of each namespace five that its workloads share: without the injector's labels spans do not name a workload. Inbound ones are a service's.
    expect(counts.chunksBuilt).toBe(10 * 5 + 100 + 100);
  });
});

function namespaceText({ metadata }: JsonObject): string {
  return String((metadata as JsonObject)['NAMESPACE']);
}

type Chunks = readonly { readonly id: string; readonly refs: readonly ResourceRef[] }[];

/** Types of the chunks that all classes have, by the last word of their name. */
function sharedTypes([first = [], ...others]: readonly Chunks[]): readonly (string | undefined)[] {
  const inAll = first.filter(({ id }) => others.every((chunks) => chunks.some((chunk) => chunk.id === id)));
  return inAll.map(({ refs }) => refs[0]?.typeUrl.split('.').at(-1)).sort();
}
