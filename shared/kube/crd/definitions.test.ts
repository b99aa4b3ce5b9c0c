import { describe, expect, it } from 'vitest';
import { fieldPathText } from '../../lib/field-path.ts';
import type { JsonObject, JsonValue } from '../../lib/json.ts';
import { objectSchemas } from './definitions.ts';

/** A definition whose `spec` has these properties. */
function definition(properties: JsonObject, spec: JsonObject = {}): JsonObject {
  const openAPIV3Schema = { type: 'object', properties: { spec: { type: 'object', properties, ...spec } } };
  const versions = [
    { name: 'v1', served: true, schema: { openAPIV3Schema } },
    { name: 'v1alpha1', served: false, schema: { openAPIV3Schema } },
  ];
  return { kind: 'CustomResourceDefinition', spec: { group: 'example.com', names: { kind: 'Widget' }, versions } };
}

/** What is wrong with a `spec`, as lines. */
function check(schema: JsonObject, spec: JsonValue, apiVersion = 'example.com/v1'): readonly string[] | undefined {
  const object = { apiVersion, kind: 'Widget', metadata: { name: 'w', labels: { any: 'thing' } }, spec };
  return objectSchemas([schema])
    .check(object)
    ?.map(({ path, message }) => `${fieldPathText(path)}: ${message}`);
}

const text = { type: 'string' };

describe('objectSchemas', () => {
  it('says nothing of kinds that no definition is about', () => {
    expect(check({ kind: 'ConfigMap' }, {})).toBeUndefined();
    expect(check(definition({}), { a: 1 }, 'other.com/v1')).toBeUndefined();
  });

  it('refuses versions that are not served', () => {
    expect(check(definition({}), {}, 'example.com/v1alpha1')).toEqual([
      'apiVersion: Invalid value: version v1alpha1 is not served; use v1',
    ]);
  });

  const list = { type: 'array', items: text, maxItems: 2, minItems: 1 };
  const oneof = {
    type: 'object',
    oneOf: [{ not: { anyOf: [{ required: ['a'] }, { required: ['b'] }] } }, { required: ['a'] }, { required: ['b'] }],
    properties: { a: text, b: text },
  };
  it.each<[string, JsonObject, JsonValue, readonly string[]]>([
    ['type', text, 3, ['must be of type string, not number']],
    ['null', text, null, ['must be of type string, not null']],
    ['nullable', { ...text, nullable: true, enum: ['a'] }, null, []],
    ['int or string', { 'x-kubernetes-int-or-string': true }, true, ['must be of type integer or string, not boolean']],
    ['pattern of RE2', { ...text, pattern: '^(?i)a$' }, 'B', ['"B": should match \'^(?i)a$\'']],
    ['bounds', { type: 'integer', minimum: 1 }, 0, ['should be greater than or equal to 1']],
    ['exclusive bounds', { type: 'integer', minimum: 1, exclusiveMinimum: true }, 2, []],
    ['length', { ...text, minLength: 1 }, '', ['should be at least 1 chars long']],
    ['items', list, [], ['should have at least 1 items']],
    ['oneof', oneof, { a: '', b: '' }, ['only one of a, b can be set']],
    ['format', { ...text, format: 'date-time' }, 'yesterday', ['must match format "date-time"']],
  ])('holds OpenAPI: %s', (_name, schema, value, messages) => {
    expect(check(definition({ a: schema }), { a: value })).toEqual(messages.map((message) => `spec.a: Invalid value: ${message}`));
  });

  it('names what is missing, not allowed or too much', () => {
    expect(check(definition({ a: { ...text, enum: ['x', 'y'] }, l: list }, { required: ['b'] }), { a: 'z', l: ['1', '2', '3'] })).toEqual([
      'spec.b: Required value',
      'spec.a: Unsupported value: "z": supported values: "x", "y"',
      'spec.l: Too many: must have at most 2 items',
    ]);
  });

  it('never shows a long text whole: it may be a key', () => {
    expect(check(definition({ a: { ...text, pattern: '^x' } }), { a: 's'.repeat(5000) })?.join().length).toBeLessThan(150);
  });

  it('knows members by defaults before it checks', () => {
    expect(check(definition({ a: { ...text, default: 'x' } }, { required: ['a'] }), {})).toEqual([]);
    expect(check(definition({ a: { ...text, default: 'x' } }), { a: null })).toEqual([]);
  });

  it('refuses members that nobody knows, but not below metadata or where all are allowed', () => {
    const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const map = { type: 'object', additionalProperties: { type: 'object', properties: { a: text } } };
    expect(check(definition({ targetRef: text, open, map }), { target_ref: '', open: { b: 1 }, map: { k: { b: 1 } } })).toEqual([
      'spec.target_ref: unknown field; did you mean targetRef?',
      'spec.map.k.b: unknown field',
    ]);
  });

  it('refuses equal items of sets, and of maps by their keys', () => {
    const items = { type: 'object', properties: { name: text, value: text } };
    const set = { type: 'array', 'x-kubernetes-list-type': 'set', items };
    const keyed = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items };
    const [a, a2, b] = [
      { name: 'a', value: '1' },
      { value: '1', name: 'a' },
      { name: 'a', value: '2' },
    ];
    expect(check(definition({ set, keyed }), { set: [a, a2, b], keyed: [a, b] })).toEqual([
      'spec.set[1]: Duplicate value: {"name":"a","value":"1"}',
      'spec.keyed[1]: Duplicate value: {"name":"a"}',
    ]);
  });
});

describe('rules of a definition', () => {
  const ruled = (schema: JsonObject, rule: string, more: JsonObject = {}): JsonObject =>
    definition({ a: { ...schema, 'x-kubernetes-validations': [{ rule, message: 'no', ...more }] } });
  const open = { type: 'object', properties: { 'x-y': text, namespace: text, n: { type: 'integer' } } };

  it.each<[string, JsonObject, string, JsonValue, readonly string[]]>([
    ['hold', text, 'self != "*"', 'b', []],
    ['are broken', text, 'self != "*"', '*', ['no']],
    ['count integers', { type: 'integer' }, '0 < self && self <= 65535', 70000, ['no']],
    ['read durations', text, "duration(self) >= duration('1ms')", '0.5ms', ['no']],
    ['fail on what they cannot read', text, 'int(self) > 0', 'x', ['no (int() type error: cannot convert to int)']],
    ['read URLs', text, 'url(self).getScheme() in ["http", "https"]', 'ftp://x', ['no']],
    ['see escaped names', open, 'has(self.x__dash__y) && has(self.__namespace__)', { 'x-y': '', namespace: '' }, []],
    ['do not see null', { ...open, nullable: true }, 'has(self.n)', null, []],
    ['about changes are not asked', text, 'self == oldSelf', 'x', []],
  ])('%s', (_name, schema, rule, value, messages) => {
    expect(check(ruled(schema, rule), { a: value })).toEqual(messages.map((message) => `spec.a: Invalid value: ${message}`));
  });

  it('say what they compute', () => {
    expect(check(ruled(text, 'false', { messageExpression: '"not " + self' }), { a: 'b' })).toEqual(['spec.a: Invalid value: not b']);
    expect(check(ruled(text, 'false', { messageExpression: '1 / 0' }), { a: 'b' })).toEqual(['spec.a: Invalid value: no']);
  });

  it('are not asked about values of the wrong type', () => {
    expect(check(ruled(text, 'self.size() > 0'), { a: 3 })).toEqual(['spec.a: Invalid value: must be of type string, not number']);
  });
});
