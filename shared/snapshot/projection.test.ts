import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { classKeyOf, type Normaliser, type Projection, projectedValues } from './projection.ts';

function one(normaliser: Normaliser, ...paths: readonly string[][]): Projection {
  return { fields: [{ paths, normaliser }], lookups: [] };
}

const versions: Normaliser = { kind: 'versionBucket', versions: ['1.28', '1.29', '1.29.2'] };
const labels: Normaliser = { kind: 'keys', keys: ['app', 'version'] };
const listed: Normaliser = { kind: 'listed', at: 'name', names: ['istio.stats', 'istio.alpn'] };

const pods: Projection = {
  fields: [
    {
      paths: [
        ['pod', 'labels'],
        ['node', 'metadata', 'LABELS'],
      ],
      normaliser: labels,
    },
    { paths: [['pod', 'zone']], normaliser: { kind: 'asIs' } },
  ],
  lookups: [
    {
      name: 'pod',
      keys: [{ path: ['node', 'id'], part: { separator: '~', index: 2 } }],
      index: { 'web-1.shop': 0, 'web-2.shop': 0 },
      rows: [{ labels: { app: 'web', color: 'red' }, zone: 'a' }],
    },
  ],
};

function node(id: string, metadata: JsonObject = {}): JsonObject {
  return { id: `sidecar~10.0.0.1~${id}~shop.svc.cluster.local`, metadata };
}

describe('projectedValues', () => {
  const table: readonly [string, Normaliser, JsonValue | undefined, JsonValue][] = [
    ['takes a value as it is', { kind: 'asIs' }, { b: 1 }, { b: 1 }],
    ['has null for what is absent', { kind: 'asIs' }, undefined, null],
    ['counts the versions that are reached', versions, '1.29.1', 2],
    ['reaches a version by equality', versions, '1.29.2-alpha', 3],
    ['puts older versions first', versions, '1.9.9', 0],
    ['counts a build without version as the newest', versions, 'unknown', 3],
    ['counts an absent version as the newest', versions, undefined, 3],
    ['keeps only the named keys', labels, { app: 'web', 'pod-template-hash': 'x' }, { app: 'web' }],
    ['has no keys where there is no object', labels, 'text', {}],
    [
      'says which of the names are listed, in the order of the projection',
      listed,
      [{ name: 'istio.alpn' }, { name: 'other' }],
      ['istio.alpn'],
    ],
    ['tells a list without them from no list', listed, [{ name: 'other' }], []],
    ['has null for no list', listed, [], null],
  ];
  it.each(table)('%s', (_, normaliser, value, expected) => {
    const found = projectedValues(one(normaliser, ['node', 'x']), { x: value });

    expect(JSON.parse(JSON.stringify(found))).toEqual([expected]);
  });

  it('lets the registry outrank the words of the node', () => {
    expect(projectedValues(pods, node('web-1.shop', { LABELS: { app: 'lie' } }))).toMatchObject([{ app: 'web' }, 'a']);
  });

  it('believes the node where the registry knows nothing', () => {
    expect(projectedValues(pods, node('new.shop', { LABELS: { app: 'web' } }))).toMatchObject([{ app: 'web' }, null]);
  });

  it('takes names that mean something to a prototype for names', () => {
    expect(projectedValues(pods, node('__proto__'))).toMatchObject([{}, null]);
  });
});

describe('parts and IP families', () => {
  it.each([
    ['10.0.0.1', 'v4'],
    ['fd00::1', 'v6'],
    ['10.0.0.1, fd00::1', 'dual'],
    ['sidecar~10.0.0.1~web-1.default~default.svc.cluster.local', 'v4'],
    ['', null],
  ])('finds in %j the families %s', (text, expected) => {
    const projection = one({ kind: 'ipFamilies' }, ['node', 'id']);

    expect(projectedValues(projection, { id: text })).toEqual([expected]);
  });

  it('tells a value from none', () => {
    const projection = one({ kind: 'present' }, ['node', 'metadata', 'A']);

    expect(projectedValues(projection, { metadata: { A: {} } })).toEqual([true]);
    expect(projectedValues(projection, { metadata: { A: null } })).toEqual([false]);
    expect(projectedValues(projection, {})).toEqual([false]);
  });

  it('takes one part of a text, and nothing of a text with fewer', () => {
    const projection = one({ kind: 'part', separator: '~', index: 1 }, ['node', 'id']);

    expect(projectedValues(projection, { id: 'a~b' })).toEqual(['b']);
    expect(projectedValues(projection, { id: 'a' })).toEqual([null]);
  });
});

describe('classKeyOf', () => {
  it('is one for replicas', () => {
    expect(classKeyOf(pods, node('web-1.shop'))).toBe(classKeyOf(pods, node('web-2.shop')));
  });

  it('does not depend on what no field names', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (metadata) => {
        const { LABELS: _, ...rest } = metadata as JsonObject;
        const same = { ...node('x.shop', rest), cluster: 'web', extensions: [{ name: 'a' }] };

        expect(classKeyOf(pods, same)).toBe(classKeyOf(pods, node('x.shop')));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    const projection = one({ kind: 'asIs' }, ['node', 'metadata']);

    expect(classKeyOf(projection, { metadata: { a: 1, b: { c: 1, d: 2 } } })).toBe(
      classKeyOf(projection, { metadata: { b: { d: 2, c: 1 }, a: 1 } }),
    );
  });
});
