import { deflateSync } from 'node:zlib';
import { createFileRegistry, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import type { FileDescriptorSet } from '@bufbuild/protobuf/wkt';

/**
 * The text of `message-table.ts`: names and types of all fields, for who checks protobuf JSON and cannot afford the generated code, which is much
 * larger. Of a line: `M NAME FIELD…` or `E NAME VALUE=NUMBER…`; of a field: its name in the .proto file, its type, and with `@` the oneof that it is
 * in. A list has a `*` in front of its type, a map a `%`.
 */
export function messageTableModule(files: FileDescriptorSet): string {
  const lines: string[] = [];
  for (const type of createFileRegistry(files)) {
    if (wellKnown.test(type.typeName)) continue;
    if (type.kind === 'message') lines.push(messageLine(type));
    if (type.kind === 'enum') lines.push(['E', type.typeName, ...type.values.map(({ name, number }) => `${name}=${number}`)].join(' '));
  }
  const compressed = deflateSync(lines.sort().join('\n'), { level: 9 }).toString('base64');
  return [
    '/** Base64 of the deflated table of all messages and enums: see scripts/protos/message-table.ts. */',
    `export const compressedMessageTable: string =\n  '${compressed}';`,
    '',
  ].join('\n');
}

/** JSON has forms of its own for these, which readers know. */
const wellKnown = /^google\.protobuf\./;

function messageLine({ typeName, fields }: DescMessage): string {
  const members = fields.map((field) => `${field.name}:${typeOf(field)}${field.oneof ? `@${field.oneof.name}` : ''}`);
  return ['M', typeName, ...members].join(' ');
}

function typeOf(field: DescField): string {
  switch (field.fieldKind) {
    case 'list':
      return `*${nameOf({ ...field, kind: field.listKind })}`;
    case 'map':
      return `%${nameOf({ ...field, kind: field.mapKind })}`;
    default:
      return nameOf({ ...field, kind: field.fieldKind });
  }
}

interface ValueType {
  readonly kind: 'scalar' | 'message' | 'enum';
  readonly scalar?: ScalarType | undefined;
  readonly message?: DescMessage | undefined;
  readonly enum?: { readonly typeName: string } | undefined;
}

/** Scalars by the names that .proto files have for them, which have no dot. */
function nameOf({ kind, scalar = ScalarType.STRING, message, enum: values }: ValueType): string {
  return kind === 'scalar' ? ScalarType[scalar].toLowerCase() : ((kind === 'message' ? message : values)?.typeName ?? '');
}
