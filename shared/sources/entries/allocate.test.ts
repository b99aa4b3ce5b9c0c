import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { config } from '../../../test/fixtures/kubernetes-world.ts';
import { isJsonArray, isJsonObject, type JsonObject, objectAt } from '../../lib/json.ts';
import type { RawObject } from '../kubernetes/objects.ts';
import { allocateAddresses } from './allocate.ts';

function entry(name: string, spec: JsonObject = {}, metadata: JsonObject = {}): RawObject {
  return config('ServiceEntry', name, { hosts: [`${name}.example.com`], resolution: 'DNS', ...spec }, metadata);
}

function withStatus(object: RawObject, ...addresses: readonly JsonObject[]): RawObject {
  return { ...object, content: { ...object.content, status: { addresses } } };
}

/** Addresses in the objects' status, as `name host address`. */
function given(objects: readonly RawObject[]): readonly string[] {
  return objects.flatMap(({ name, content }) => {
    const { addresses } = objectAt(content, 'status');
    const items = isJsonArray(addresses) ? addresses.filter(isJsonObject) : [];
    return items.map(({ host, value }) => `${name} ${String(host)} ${String(value)}`);
  });
}

describe('allocated addresses', () => {
  it('are one of either family for each host, out of Istio’s ranges', () => {
    const found = given(allocateAddresses([entry('a', { hosts: ['a.example.com', 'b.example.com'] })], []));

    expect(found).toHaveLength(4);
    for (const host of ['a', 'b']) {
      expect(found.filter((text) => text.includes(` ${host}.example.com `))).toEqual([
        expect.stringMatching(/ 240\.240\.\d+\.\d+$/),
        expect.stringMatching(/ 2001:2::[0-9a-f]+$/),
      ]);
    }
  });

  it.each([
    ['addresses of its own', { addresses: ['10.0.0.1'] }, {}],
    ['resolution NONE', { resolution: 'NONE' }, {}],
    ['no resolution', { resolution: 0 }, {}],
    ['a wildcard', { hosts: ['*.example.com'] }, {}],
    ['the label that wants none', {}, { labels: { 'networking.istio.io/enable-autoallocate-ip': 'False' } }],
  ])('are none for an entry with %s', (_, spec, metadata) => {
    const objects = [entry('a', spec, metadata)];
    expect(allocateAddresses(objects, [])).toEqual(objects);
  });

  it('leave alone what stands in the status, and are added for other hosts', () => {
    const known = { host: 'a.example.com', value: '240.240.0.7' };
    const found = given(allocateAddresses([withStatus(entry('a', { hosts: ['a.example.com', 'b.example.com'] }), known)], []));

    expect(found[0]).toBe('a a.example.com 240.240.0.7');
    expect(found.slice(1).every((text) => text.startsWith('a b.example.com '))).toBe(true);
    expect(found).toHaveLength(3);
  });

  it('are remembered, also where a new host would have got them', () => {
    const before = allocateAddresses([entry('a')], []);
    const [first = ''] = given(before);
    const moved = withStatus(entry('a'), { host: 'a.example.com', value: '240.240.9.9' });

    expect(given(allocateAddresses([entry('a')], [moved]))[0]).toBe('a a.example.com 240.240.9.9');
    expect(given(allocateAddresses([entry('a'), entry('b')], before))).toContain(first);
  });

  it('never repeat one that a user wrote', () => {
    const address = given(allocateAddresses([entry('a')], []))[0]?.split(' ')[2] ?? '';
    const other = entry('other', { addresses: [address], resolution: 'STATIC' });

    expect(given(allocateAddresses([entry('a'), other], []))[0]).not.toContain(address);
  });

  it('differ from each other, do not depend on the order of objects, and stay when entries come and go', () => {
    const names = fc.uniqueArray(
      fc.integer({ min: 0, max: 400 }).map((number) => `e${number}`),
      { minLength: 1, maxLength: 60 },
    );

    fc.assert(
      fc.property(names, names, (first, second) => {
        const objects = first.map((name) => entry(name));
        const made = allocateAddresses(objects, []);
        const next = allocateAddresses(
          second.map((name) => entry(name)),
          made,
        );
        const texts = [given(made), given(next)];

        for (const text of texts) expect(new Set(text.map((line) => line.split(' ')[2])).size).toBe(text.length);
        expect(given(allocateAddresses(objects.toReversed(), [])).toSorted()).toEqual(given(made).toSorted());
        const both = new Set(first.filter((name) => second.includes(name)));
        const kept = texts.map((text) => text.filter((line) => both.has(line.split(' ')[0] ?? '')).toSorted());
        expect(kept[1]).toEqual(kept[0]);
      }),
    );
  });
});
