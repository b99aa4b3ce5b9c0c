import fc from 'fast-check';
import type { Operation } from 'fast-json-patch';
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../test/fixtures/apply-patch.ts';
import { arbitraryNoise, arbitraryPod, withNoise } from '../../test/fixtures/arbitrary-pod.ts';
import { decode } from '../kube/decode.ts';
import { type Pod, pod as podSchema } from '../kube/pod.ts';
import { list, map, opaque, string, struct } from '../kube/schema.ts';
import { diff } from './patch.ts';

const item = struct('Item', { name: string, value: string, more: map(string) });
const schema = struct('Thing', {
  text: string,
  labels: map(string),
  inner: struct('Inner', { text: string, deeper: struct('Deeper', { text: string }) }),
  items: list(item, { mergeKey: 'name' }),
  args: list(string),
  any: opaque,
});

const changes = (before: unknown, after: unknown) => diff(before, after, schema);
const items = (text: string) => ({ items: text.split('').map((name) => ({ name })) });
describe('diff of members', () => {
  it('is empty for what is the same, shared or not', () => {
    const thing = { text: 'a', args: ['x'], items: [{ name: 'a' }], any: { b: [1, null] } };

    expect(changes(thing, thing)).toEqual([]);
    expect(changes(thing, structuredClone(thing))).toEqual([]);
    expect(changes({}, {})).toEqual([]);
  });

  it.each<readonly [string, unknown, unknown, readonly Operation[]]>([
    ['adds a member', {}, { text: 'a' }, [{ op: 'add', path: '/text', value: 'a' }]],
    ['replaces a member', { text: 'a' }, { text: 'b' }, [{ op: 'replace', path: '/text', value: 'b' }]],
    ['removes a member', { text: 'a' }, {}, [{ op: 'remove', path: '/text' }]],
    ['takes undefined for absent', { text: 'a' }, { text: undefined, labels: undefined }, [{ op: 'remove', path: '/text' }]],
    [
      'adds a member with its missing parents',
      {},
      { inner: { deeper: { text: 'a' } } },
      [{ op: 'add', path: '/inner', value: { deeper: { text: 'a' } } }],
    ],
    [
      'adds only what is missing',
      { inner: {} },
      { inner: { deeper: { text: 'a' } } },
      [{ op: 'add', path: '/inner/deeper', value: { text: 'a' } }],
    ],
    [
      'changes deep members alone',
      { inner: { deeper: { text: 'a' }, text: 'x' } },
      { inner: { deeper: { text: 'b' }, text: 'x' } },
      [{ op: 'replace', path: '/inner/deeper/text', value: 'b' }],
    ],
    ['replaces a member by another type', { any: { a: 1 } }, { any: [1] }, [{ op: 'replace', path: '/any', value: [1] }]],
    ['replaces a null', { any: null }, { any: {} }, [{ op: 'replace', path: '/any', value: {} }]],
    [
      'goes into members that it does not know',
      { any: { a: { b: 1 } } },
      { any: { a: { b: 2 } } },
      [{ op: 'replace', path: '/any/a/b', value: 2 }],
    ],
  ])('%s', (_rule, before, after, operations) => {
    expect(changes(before, after)).toEqual(operations);
  });

  it.each([
    ['a/b', '/labels/a~1b'],
    ['a~b', '/labels/a~0b'],
    ['~1', '/labels/~01'],
    ['a~/b', '/labels/a~0~1b'],
    ['', '/labels/'],
    ['sidecar.istio.io/status', '/labels/sidecar.istio.io~1status'],
  ])('writes the key %j as the pointer %s', (key, path) => {
    expect(changes({ labels: {} }, { labels: { [key]: 'v' } })).toEqual([{ op: 'add', path, value: 'v' }]);
    expect(changes({ labels: { [key]: 'v' } }, { labels: { [key]: 'w' } })).toEqual([{ op: 'replace', path, value: 'w' }]);
    expect(changes({ labels: { [key]: 'v' } }, { labels: {} })).toEqual([{ op: 'remove', path }]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes %s for a name like any other', (key) => {
    const labels = (value: string) => ({ labels: Object.fromEntries([[key, value]]) });

    expect(changes({ labels: {} }, labels('v'))).toEqual([{ op: 'add', path: `/labels/${key}`, value: 'v' }]);
    expect(changes(labels('v'), labels('w'))).toEqual([{ op: 'replace', path: `/labels/${key}`, value: 'w' }]);
    expect(changes(labels('v'), { labels: {} })).toEqual([{ op: 'remove', path: `/labels/${key}` }]);
    expect(changes(labels('v'), labels('v'))).toEqual([]);
  });
});

describe('diff of lists', () => {
  it('replaces a list without a merge key as a whole', () => {
    expect(changes({ args: ['a', 'b'] }, { args: ['b'] })).toEqual([{ op: 'replace', path: '/args', value: ['b'] }]);
  });

  it('replaces a list that is no longer one', () => {
    expect(changes({ any: [1] }, { any: 1 })).toEqual([{ op: 'replace', path: '/any', value: 1 }]);
  });

  it.each<readonly [string, string, string, readonly Operation[]]>([
    ['adds at the front with one operation', 'ab', 'xab', [{ op: 'add', path: '/items/0', value: { name: 'x' } }]],
    ['adds at the end', 'ab', 'abx', [{ op: 'add', path: '/items/2', value: { name: 'x' } }]],
    ['adds in between', 'ab', 'axb', [{ op: 'add', path: '/items/1', value: { name: 'x' } }]],
    [
      'removes from the end on',
      'abcd',
      'bd',
      [
        { op: 'remove', path: '/items/2' },
        { op: 'remove', path: '/items/0' },
      ],
    ],
    ['moves', 'abc', 'cab', [{ op: 'move', from: '/items/2', path: '/items/0' }]],
    [
      'removes, adds and moves',
      'abc',
      'xca',
      [
        { op: 'remove', path: '/items/1' },
        { op: 'add', path: '/items/0', value: { name: 'x' } },
        { op: 'move', from: '/items/2', path: '/items/1' },
      ],
    ],
    ['removes one of two with the same name', 'aa', 'a', [{ op: 'remove', path: '/items/1' }]],
    ['adds a second one with the same name', 'a', 'aa', [{ op: 'add', path: '/items/1', value: { name: 'a' } }]],
  ])('%s', (_rule, before, after, operations) => {
    const expected = changes(items(before), items(after));

    expect(expected).toEqual(operations);
    expect(applyPatch(items(before), expected)).toEqual(items(after));
  });

  it('changes the members of an item that stays', () => {
    const before = { items: [{ name: 'a', value: '1' }, { name: 'b' }] };
    const after = { items: [{ name: 'b' }, { name: 'a', value: '2' }] };

    expect(changes(before, after)).toEqual([
      { op: 'move', from: '/items/1', path: '/items/0' },
      { op: 'replace', path: '/items/1/value', value: '2' },
    ]);
  });

  it('prefers the very same item to one of the same name', () => {
    const [one, two] = [
      { name: 'a', value: '1' },
      { name: 'a', value: '2' },
    ];

    expect(changes({ items: [one, two] }, { items: [two] })).toEqual([{ op: 'remove', path: '/items/0' }]);
  });

  it('matches items without a name with each other', () => {
    expect(changes({ items: [{ value: '1' }] }, { items: [{ value: '2' }] })).toEqual([
      { op: 'replace', path: '/items/0/value', value: '2' },
    ]);
  });

  it('compares items that are no objects by themselves', () => {
    const scalars = list(string, { mergeKey: 'name' });

    expect(diff(['a', 'b'], ['b', 'c'], scalars)).toEqual([
      { op: 'remove', path: '/0' },
      { op: 'add', path: '/1', value: 'c' },
    ]);
  });
});

const read = (value: unknown): Pod => {
  const decoded = decode<Pod>(value, podSchema, { zeros: 'drop' });
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.value;
};

describe('diff of pods', () => {
  const pods = arbitraryPod({ uniqueNames: false });

  it('makes the one from the other', () => {
    fc.assert(
      fc.property(pods, pods, (one, other) => {
        const [before, after] = [read(one), read(other)];

        expect(applyPatch(before, diff(before, after, podSchema))).toEqual(after);
      }),
      { numRuns: 300 },
    );
  });

  it('applies to any object that decodes to the one', () => {
    fc.assert(
      fc.property(pods, pods, arbitraryNoise, (one, other, noise) => {
        const raw = withNoise(one, noise);
        const [before, after] = [read(raw), read(other)];

        expect(before).toEqual(read(one));
        expect(read(applyPatch(raw, diff(before, after, podSchema)))).toEqual(after);
      }),
      { numRuns: 300 },
    );
  });

  it('is empty between equal pods', () => {
    fc.assert(
      fc.property(pods, (one) => {
        expect(diff(read(one), read(structuredClone(one)), podSchema)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
