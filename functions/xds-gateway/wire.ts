/** Protobuf's wire format, as far as the envelopes around resources need it. https://protobuf.dev/programming-guides/encoding/ */

const lengthDelimitedType = 2;
const continuation = 0x80;

/** A string, bytes or message field, to be joined with others. */
export function lengthDelimited(field: number, content: Uint8Array): readonly Uint8Array[] {
  return [lengthHeader(field, content.length), content];
}

/** What stands before the content of such a field. */
export function lengthHeader(field: number, length: number): Uint8Array {
  return Buffer.from([...varint(field * 8 + lengthDelimitedType), ...varint(length)]);
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= continuation; rest = Math.floor(rest / continuation)) bytes.push((rest % continuation) + continuation);
  return [...bytes, rest];
}
