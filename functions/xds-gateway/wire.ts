/** Protobuf's wire format, as far as the envelopes around resources need it. https://protobuf.dev/programming-guides/encoding/ */

const lengthDelimitedType = 2;
const continuation = 0x80;
const payloadBits = 7;

/** Tag, length and content of a string, bytes or message field, to be concatenated with others. */
export function lengthDelimited(field: number, content: Uint8Array): readonly Uint8Array[] {
  return [Buffer.from([...varint(field * 8 + lengthDelimitedType), ...varint(content.length)]), content];
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= continuation; rest = Math.floor(rest / 2 ** payloadBits)) bytes.push((rest % continuation) + continuation);
  return [...bytes, rest];
}
