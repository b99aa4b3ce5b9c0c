import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resourcesOf } from '../../test/fixtures/snapshots.ts';
import { type Chunk, chunk } from './chunk.ts';
import { diffChunks } from './diff.ts';
import type { ResourceRef } from './resource.ts';
import { contentOf } from './snapshot.ts';

const contents = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom('1', '2'));

/** Spreads resources over chunks by a list of choices. */
function chunksOf(clusters: Record<string, string>, choices: readonly number[]): readonly Chunk[] {
  const refs = resourcesOf({ cds: clusters });
  return [0, 1, 2].map((place) => chunk(refs.filter((_, index) => (choices[index] ?? 0) === place)));
}

function applied(before: readonly Chunk[], { changed, removed }: ReturnType<typeof diffChunks>): ReadonlyMap<string, ResourceRef> {
  const state = new Map(before.flatMap(({ refs }) => refs.map((ref) => [ref.name, ref] as const)));
  for (const { name } of removed) state.delete(name);
  for (const ref of changed) state.set(ref.name, ref);
  return state;
}

describe('diffChunks', () => {
  it('leads from any list to any other, however the resources are spread over chunks', () => {
    const choices = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(contents, choices, contents, choices, (a, ca, b, cb) => {
        const [before, after] = [chunksOf(a, ca), chunksOf(b, cb)];

        const diff = diffChunks(before, after);

        const target = [...contentOf({ chunks: after }).values()].flatMap((names) => [...names.values()]);
        expect([...applied(before, diff).values()].sort((x, y) => (x.name < y.name ? -1 : 1))).toEqual(
          target.sort((x, y) => (x.name < y.name ? -1 : 1)),
        );
        expect(diff.changed.filter(({ name }) => a[name] === b[name])).toEqual([]);
      }),
    );
  });

  it('counts a cluster as changed that begins to wait for another assignment', () => {
    const [ref] = resourcesOf({ cds: { a: '1' } });
    if (ref === undefined) throw new Error('no resource');

    expect(diffChunks([chunk([ref])], [chunk([{ ...ref, assignment: 'x' }])]).changed).toMatchObject([{ name: 'a', assignment: 'x' }]);
  });
});
