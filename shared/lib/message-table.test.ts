import { describe, expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import { jsonValue } from './message.ts';
import { messageTable } from './message-table.ts';
import { readProtoMessage } from './proto-json.ts';

const table = messageTable(
  [
    'M a.Outer text_field:string numbers:*uint32 by_name:%a.Outer kind:a.Kind one:string@choice other:a.Empty@choice any:google.protobuf.Any',
    'M a.Empty',
    'M a.Known at:google.protobuf.Timestamp wait:google.protobuf.Duration flag:google.protobuf.BoolValue big:int64 free:google.protobuf.Value',
    'E a.Kind NONE=0 SOME=5',
  ].join('\n'),
  (name) => (name.startsWith('x.') ? jsonValue : undefined),
);

function read(name: string, value: JsonObject): unknown {
  const schema = table.find(name);
  if (schema === undefined) return undefined;
  const decoded = readProtoMessage(value, schema);
  return decoded.ok ? decoded.value : `${decoded.path}: ${decoded.goMessage}`;
}

describe('messageTable', () => {
  it('reads fields by both names, lists, maps, enums and itself', () => {
    expect(read('a.Outer', { text_field: 'a', numbers: [1], byName: { x: { textField: 'b' } }, kind: 5 })).toEqual({
      textField: 'a',
      numbers: [1],
      byName: { x: { textField: 'b' } },
      kind: 'SOME',
    });
  });

  it('knows oneofs, empty messages and types with a form of their own', () => {
    expect(read('a.Outer', { one: 'a', other: {} })).toEqual({ other: {} });
    expect(read('a.Known', { wait: '1s', flag: false, big: 7, free: [null] })).toEqual({ wait: '1s', flag: false, big: '7', free: [null] });
  });

  it('opens an Any by its type', () => {
    expect(read('a.Outer', { any: { '@type': 't/a.Outer', text_field: 'a' } })).toEqual({ any: { '@type': 't/a.Outer', textField: 'a' } });
    expect(read('a.Outer', { any: { '@type': 't/google.protobuf.Duration', value: 'x' } })).toContain('any.value: ');
    expect(read('a.Outer', { any: { '@type': 't/b.C' } })).toBe('any: could not resolve Any message type: t/b.C');
    expect(read('a.Outer', { any: { '@type': 't/x.Y', z: 1 } })).toEqual({ any: { '@type': 't/x.Y', z: 1 } });
  });

  it.each(['a.Kind', 'b.C', 'google.protobuf.Duration', ''])('has no message %j', (name) => {
    expect(table.find(name)).toBeUndefined();
  });
});
