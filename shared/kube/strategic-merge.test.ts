import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pod } from './pod.ts';
import { strategicMerge } from './strategic-merge.ts';

type Json = Readonly<Record<string, unknown>>;

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

function merge(base: Json, overlay: unknown): unknown {
  const merged = strategicMerge(frozen(base), frozen(overlay), pod);
  return merged.ok ? merged.value : merged.error;
}

const containers = (...names: readonly string[]): Json => ({ spec: { containers: names.map((name) => ({ name })) } });

describe('strategicMerge', () => {
  it.each([
    ['takes new items at the head to the front', 'a b c', 'n1 c n2 a n3', 'n1 b c n2 a n3'],
    ['keeps the base in front where both know the item', 'X Y', 'Y Z', 'X Y Z'],
    ['appends to an empty list', '', 'a b', 'a b'],
    ['ignores an empty overlay list', 'a b', '', 'a b'],
  ])('%s', (_rule, base, overlay, expected) => {
    const list = (text: string) => containers(...text.split(' ').filter((name) => name !== ''));

    expect(merge(list(base), list(overlay))).toEqual(list(expected));
  });

  it('merges objects, replaces plain lists and deletes nulls', () => {
    const base = { metadata: { labels: { a: '1', b: '2' } }, spec: { tolerations: [{ key: 'k' }], hostname: 'h' } };
    const overlay = { metadata: { labels: { b: null, c: '3', never: null } }, spec: { tolerations: [{ key: 'z' }], hostname: null } };

    expect(merge(base, overlay)).toEqual({ metadata: { labels: { a: '1', c: '3' } }, spec: { tolerations: [{ key: 'z' }] } });
  });

  it('merges into the first item of a key', () => {
    const base = {
      spec: {
        containers: [
          {
            name: 'a',
            ports: [
              { containerPort: 80, name: 'h' },
              { containerPort: 80, protocol: 'UDP' },
            ],
          },
        ],
      },
    };
    const overlay = { spec: { containers: [{ name: 'a', ports: [{ containerPort: 80, hostIP: 'i' }] }] } };

    expect(merge(base, overlay)).toEqual({
      spec: {
        containers: [
          {
            name: 'a',
            ports: [
              { containerPort: 80, name: 'h', hostIP: 'i' },
              { containerPort: 80, protocol: 'UDP' },
            ],
          },
        ],
      },
    });
  });

  it('merges the second of two overlay items of a key into the first', () => {
    const overlay = {
      spec: {
        containers: [
          { name: 'x', image: '1' },
          { name: 'x', image: '2' },
        ],
      },
    };

    expect(merge(containers('a'), overlay)).toEqual({ spec: { containers: [{ name: 'x', image: '2' }, { name: 'a' }] } });
  });

  it('unites finalizers and takes away from them', () => {
    const base = { metadata: { finalizers: ['a', 'b'] } };

    expect(merge(base, { metadata: { finalizers: ['c', 'a'] } })).toEqual({ metadata: { finalizers: ['c', 'a', 'b'] } });
    expect(merge(base, { metadata: { finalizers: ['c'], '$deleteFromPrimitiveList/finalizers': ['a'] } })).toEqual({
      metadata: { finalizers: ['c', 'b'] },
    });
  });

  it.each([
    ['replace', { $patch: 'replace', x: '1' }, { labels: { x: '1' } }],
    ['delete', { $patch: 'delete', x: '1' }, { labels: {} }],
  ])('obeys $patch: %s in a map', (_directive, labels, metadata) => {
    expect(merge({ metadata: { labels: { a: '1' } } }, { metadata: { labels } })).toEqual({ metadata });
  });

  it('obeys $patch in lists', () => {
    expect(merge(containers('a', 'b'), { spec: { containers: [{ name: 'a', $patch: 'delete' }, { name: 'c' }] } })).toEqual(
      containers('c', 'b'),
    );
    expect(merge(containers('a', 'b'), { spec: { containers: [{ $patch: 'replace' }, { name: 'c' }] } })).toEqual(containers('c'));
  });

  it('orders by $setElementOrder', () => {
    const overlay = { spec: { '$setElementOrder/containers': [{ name: 'c' }, { name: 'd' }, { name: 'a' }], containers: [{ name: 'd' }] } };

    expect(merge(containers('a', 'b', 'c'), overlay)).toEqual(containers('b', 'c', 'd', 'a'));
    expect(merge(containers('a', 'b'), { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] } })).toEqual(
      containers('b', 'a'),
    );
    expect(merge({ metadata: {} }, { metadata: { '$setElementOrder/finalizers': ['a'] } })).toEqual({ metadata: {} });
  });

  it('retains only the named keys of a volume', () => {
    const base = { spec: { volumes: [{ name: 'v', emptyDir: {} }] } };

    expect(merge(base, { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] } })).toEqual({
      spec: { volumes: [{ name: 'v', configMap: { name: 'c' } }] },
    });
    expect(merge(base, { spec: { volumes: [{ name: 'v', configMap: {} }] } })).toEqual({
      spec: { volumes: [{ name: 'v', emptyDir: {}, configMap: {} }] },
    });
  });

  it.each([
    ['text', 'invalid JSON document'],
    [{ spec: { containers: [{ image: 'i' }] } }, 'map: map[image:i] does not contain declared merge key: name'],
    [{ spec: { containers: [{ $patch: 'delete' }] } }, 'map: map[$patch:delete] does not contain declared merge key: name'],
    [{ spec: { containers: [{ name: 'a', $patch: 'merge' }] } }, 'merging lists cannot yet be specified in the patch'],
    [{ spec: { containers: [{ name: 'a', $patch: 'x' }] } }, 'unknown patch type: x in map: map[$patch:x name:a]'],
    [{ spec: { $patch: 'x' } }, 'unknown patch type: x in map: map[$patch:x]'],
    [{ spec: { containers: ['a'] } }, 'list element types are not identical: [[map[name:a]] [a]]'],
    [{ spec: { containers: [[]] } }, 'list element types are not identical: [[map[name:a]] [[]]]'],
    [{ metadata: { finalizers: [{}] } }, 'list element types are not identical: [[f] [map[]]]'],
    [{ spec: { '$setElementOrder/containers': 'x' } }, 'expected a []interface {}, but received something else'],
    [
      { spec: { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'd' }] } },
      "The order in patch list:\n[map[name:d]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n",
    ],
    [{ spec: { $retainKeys: 'x' } }, 'invalid patch format of retainKeys list'],
    [{ spec: { $retainKeys: ['hostname'], containers: [] } }, 'invalid patch format of retainKeys list'],
  ])('refuses %j', (overlay, message) => {
    const base = { metadata: { finalizers: ['f'] }, spec: { containers: [{ name: 'a' }] } };

    expect(merge(base, overlay)).toBe(message);
  });

  it('refuses a list of lists, and scalars where objects belong', () => {
    expect(merge({ spec: { containers: [] } }, { spec: { containers: [[]] } })).toBe('lists of lists are not supported');
    expect(merge({ spec: { containers: [] } }, { spec: { containers: [1] } })).toBe(
      'expected a map[string]interface {}, but received a float64',
    );
    expect(merge({ metadata: { finalizers: [] } }, { metadata: { finalizers: [{}] } })).toBe(
      'cannot merge lists without merge key for type string',
    );
    expect(merge({ spec: { bogus: 1 } }, { spec: { bogus: 2 } })).toBe(
      'unable to find api field in struct PodSpec for the json field "bogus"',
    );
  });

  it('takes an absent key of the base for the zero value that Go prints', () => {
    const base = { spec: { containers: [{ name: 'a', ports: [{ name: 'h' }] }] } };
    const overlay = { spec: { containers: [{ name: 'a', ports: [{ containerPort: 0, protocol: 'TCP' }] }] } };

    expect(merge(base, overlay)).toEqual({
      spec: { containers: [{ name: 'a', ports: [{ name: 'h', containerPort: 0, protocol: 'TCP' }] }] },
    });
  });

  it('replaces where base and overlay are of different types', () => {
    expect(merge({ spec: { containers: [{ name: 'a' }], hostname: 'h' } }, { spec: { containers: { name: 'x' }, hostname: 5 } })).toEqual({
      spec: { containers: { name: 'x' }, hostname: 5 },
    });
  });

  it('merges what has no description by plain rules', () => {
    expect(merge({ status: { a: [1], b: { c: 1 } } }, { status: { a: [2], b: { d: null, e: 2 } } })).toEqual({
      status: { a: [2], b: { c: 1, e: 2 } },
    });
  });

  it('shares what the overlay does not touch', () => {
    const base = { metadata: { labels: { a: '1' } }, spec: { containers: [{ name: 'a', env: [{ name: 'x' }] }, { name: 'b' }] } };

    const merged = strategicMerge(base, { spec: { containers: [{ name: 'b', image: 'i' }] } }, pod);

    expect(merged.ok && merged.value).toHaveProperty(
      'metadata',
      expect.toSatisfy((value) => value === base.metadata),
    );
    expect(merged.ok && merged.value).toHaveProperty(
      'spec.containers.0',
      expect.toSatisfy((value) => value === base.spec.containers[0]),
    );
    expect(merge(base, { spec: { containers: [{ name: 'a' }] } })).toBe(base);
    expect(merge(base, null)).toBe(base);
  });

  it('takes __proto__ for a name like any other', () => {
    const overlay = JSON.parse('{"metadata":{"labels":{"__proto__":"x"},"__proto__":{"a":1}}}');

    expect(JSON.stringify(merge({ metadata: { labels: { a: '1' } } }, overlay))).toBe(
      '{"metadata":{"labels":{"a":"1","__proto__":"x"},"__proto__":{"a":1}}}',
    );
  });

  it('keeps every item exactly once, whatever the order', () => {
    const names = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'));

    fc.assert(
      fc.property(names, names, (base, overlay) => {
        const merged = merge(containers(...base), containers(...overlay)) as { spec: { containers: { name: string }[] } };
        const result = merged.spec.containers.map(({ name }) => name);

        expect([...result].sort()).toEqual([...new Set([...base, ...overlay])].sort());
        expect(result.filter((name) => overlay.includes(name))).toEqual(overlay.length > 0 ? overlay : []);
      }),
    );
  });
});
