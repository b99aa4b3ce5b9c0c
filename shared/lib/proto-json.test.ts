import { describe, expect, it } from 'vitest';
import {
  bool,
  boolValue,
  double,
  duration,
  enumeration,
  int32,
  int32Value,
  int64Value,
  lazyMessage,
  list,
  type MessageSchema,
  map,
  message,
  oneof,
  protoNamed,
  string,
  structValue,
  uint32,
} from './message.ts';
import { applyMessage, decodeMessage, mergeMessage, protoJsonText } from './proto-json.ts';

const color = enumeration('test.Color', { RED: 0, GREEN: 5 });

const inner = message('test.Inner', { name: string, level: int32 });

const outer = message('test.Outer', {
  text: string,
  isOn: bool,
  count: int32,
  size: uint32,
  ratio: double,
  color,
  wait: duration,
  maybe: boolValue,
  perhaps: int32Value,
  long: int64Value,
  free: structValue,
  inner,
  names: list(string),
  tags: map(string),
  inners: list(inner),
  ...oneof('Choice', { first: string, second: inner }),
  odd5xxName: protoNamed(string, 'odd_5xx_name'),
});
type Outer = NonNullable<(typeof outer)['type']>;

function read(value: unknown, unknownFields: 'ignore' | 'refuse' = 'refuse'): unknown {
  const decoded = decodeMessage(value, outer, { unknownFields });
  return decoded.ok ? decoded.value : decoded.error;
}

describe('message', () => {
  it('derives proto and Go names', () => {
    const { fields } = message('test.Names', {
      http2InitialWindow: int32,
      k8sSaJwtPath: string,
      meshMTLS: protoNamed(string, 'mesh_mTLS'),
    });

    expect([...fields.values()].map(({ proto, go }) => [proto, go])).toEqual([
      ['http2_initial_window', 'Http2InitialWindow'],
      ['k8s_sa_jwt_path', 'K8SSaJwtPath'],
      ['mesh_mTLS', 'MeshMTLS'],
    ]);
  });

  it('can contain itself', () => {
    interface Tree {
      readonly children?: readonly Tree[];
      readonly name?: string;
    }
    const tree: MessageSchema<Tree> = lazyMessage('test.Tree', () => ({ name: string, children: list(tree) }));

    expect(decodeMessage({ children: [{ name: 'a', children: [{}] }] }, tree, { unknownFields: 'refuse' })).toEqual({
      ok: true,
      value: { children: [{ name: 'a', children: [{}] }] },
    });
  });
});

describe('decodeMessage', () => {
  it('accepts names in camelCase and snake_case; camelCase wins', () => {
    expect(read({ is_on: true, odd_5xx_name: 'a', inner: { name: 'n' } })).toEqual({ isOn: true, odd5xxName: 'a', inner: { name: 'n' } });
    expect(read({ is_on: true, isOn: false })).toEqual({ isOn: false });
  });

  it('accepts numbers as texts, enums by name or number, Go durations and bare wrappers', () => {
    const value = { count: '-3', size: 7, ratio: '1.5', color: 5, wait: '1m30.5s', maybe: false, perhaps: '0', long: 12, free: { a: [1] } };

    expect(read(value)).toEqual({
      count: -3,
      size: 7,
      ratio: 1.5,
      color: 'GREEN',
      wait: '90.500s',
      maybe: false,
      perhaps: 0,
      long: '12',
      free: { a: [1] },
    });
    expect(read({ color: 'RED', long: '-9223372036854775808' })).toEqual({ color: 'RED', long: '-9223372036854775808' });
  });

  it('keeps the number of an enum value that it does not know', () => {
    expect(read({ color: -1 })).toEqual({ color: -1 });
  });

  it('takes null for absent and keeps explicit zero values', () => {
    expect(read({ text: null, inner: null, maybe: null, isOn: false, count: 0, names: [] })).toEqual({ isOn: false, count: 0, names: [] });
  });

  it('takes null in lists and maps for the zero value of their type', () => {
    expect(read({ names: ['a', null], inners: [null], tags: { a: null } })).toEqual({ names: ['a', ''], inners: [{}], tags: { a: '' } });
  });

  it('keeps the last field of a oneof', () => {
    expect(read({ second: {}, first: 'a' })).toEqual({ second: {} });
  });

  it.each([
    [5, 'expected test.Outer, got a number'],
    [{ text: 5 }, 'text: expected a text, got a number'],
    [{ isOn: 'true' }, 'isOn: expected true or false, got a string'],
    [{ count: 1.5 }, "count: 1.5 is no number of this field's type"],
    [{ count: 2 ** 31 }, "count: 2147483648 is no number of this field's type"],
    [{ size: -1 }, "size: -1 is no number of this field's type"],
    [{ ratio: 'x' }, 'ratio: "x" is no number of this field\'s type'],
    [{ ratio: {} }, "ratio: a map is no number of this field's type"],
    [{ long: '9223372036854775808' }, 'long: "9223372036854775808" is no number of this field\'s type'],
    [{ long: 1.5 }, "long: 1.5 is no number of this field's type"],
    [{ color: 'BLUE' }, 'color: unknown value "\\"BLUE\\"" for enum test.Color'],
    [{ color: true }, 'color: unknown value "true" for enum test.Color'],
    [{ wait: 5 }, 'wait: bad Duration: time: invalid duration 5'],
    [{ wait: 'soon' }, 'wait: bad Duration: time: invalid duration "soon"'],
    [{ free: [] }, 'free: expected a map, got a list'],
    [{ inner: [] }, 'inner: expected test.Inner, got a list'],
    [{ names: 'a' }, 'names: expected a list, got a string'],
    [{ names: ['a', 5] }, 'names.1: expected a text, got a number'],
    [{ tags: [] }, 'tags: expected a map, got a list'],
    [{ tags: { a: 1 } }, 'tags.a: expected a text, got a number'],
    [{ inners: [{}, { level: true }] }, "inners.1.level: true is no number of this field's type"],
    [{ bogus: 1 }, 'unknown field "bogus" in test.Outer'],
    [{ inner: { bogus: 1 } }, 'inner: unknown field "bogus" in test.Inner'],
  ])('refuses %j', (value, message) => {
    expect(read(value)).toBe(message);
  });

  it('can ignore unknown fields', () => {
    expect(read({ bogus: 1, inner: { bogus: 1 } }, 'ignore')).toEqual({ inner: {} });
  });

  it('takes __proto__ for a name like any other', () => {
    const value = JSON.parse('{"__proto__":{"text":"a"},"tags":{"__proto__":"b"}}');

    expect(JSON.stringify(read(value, 'ignore'))).toBe('{"tags":{"__proto__":"b"}}');
  });
});

describe('merging', () => {
  const low: Outer = { text: 'low', count: 1, isOn: true, tags: { a: '1' }, inner: { name: 'n', level: 2 }, first: 'f', maybe: true };

  it('carries over what is not a default, whole', () => {
    const high: Outer = {
      text: '',
      count: 0,
      isOn: false,
      color: 'RED',
      names: [],
      tags: {},
      inner: { level: 3 },
      maybe: false,
      wait: '0s',
    };

    expect(mergeMessage(low, high, outer)).toEqual({ ...low, inner: { level: 3 }, maybe: false, wait: '0s' });
  });

  it('applies explicit zero values of a layer that was just read', () => {
    expect(applyMessage(low, { text: '', count: 0 }, outer)).toEqual({ ...low, text: '', count: 0 });
  });

  it('clears the other fields of a oneof, also for an empty text', () => {
    expect(mergeMessage(low, { second: {} }, outer)).toEqual({ ...low, first: undefined, second: {} });
    expect(mergeMessage({ second: {} }, { first: '' }, outer)).toEqual({ first: '' });
  });
});

describe('protoJsonText', () => {
  it('prints one line in declaration order without default values', () => {
    const value: Outer = {
      names: ['b', 'a'],
      tags: { b: '<&>', a: '\u2028é' },
      count: 0,
      text: 't',
      maybe: false,
      long: '5',
      wait: '7.500s',
      color: 'GREEN',
      inner: {},
      inners: [{ level: 0, name: 'x' }],
      free: { b: 1, a: null },
      first: '',
    };

    expect(protoJsonText(value, outer)).toBe(
      '{"text":"t","color":"GREEN","wait":"7.500s","maybe":false,"long":"5","free":{"a":null,"b":1},"inner":{},"names":["b","a"],' +
        '"tags":{"a":"\\u2028é","b":"\\u003c\\u0026\\u003e"},"inners":[{"name":"x"}],"first":""}',
    );
  });

  it('leaves out what is the same in the defaults', () => {
    expect(protoJsonText({ text: 'a', count: 2, inner: { name: 'n' } }, outer, { text: 'a', count: 3, inner: { name: 'n' } })).toBe(
      '{"count":2}',
    );
  });
});
