/** What Go's JSON decoder says of a value that does not fit, which is what istiod answers. */

/** How Go's protobuf JSON decoder calls any object. */
export const goObject = 'map[string]json.RawMessage';

/** Of a value whose JSON type is not that of the field. */
export function goTypeError(value: unknown, goType: string): string {
  return `json: cannot unmarshal ${jsonTypeName(value)} into Go value of type ${goType}`;
}

/** Of a value that is no number of this type. Quotes around a number do not matter to the decoder. */
export function goNumberError(value: unknown, goType: string): string {
  if (typeof value === 'number') return `json: cannot unmarshal number ${value} into Go value of type ${goType}`;
  if (typeof value !== 'string') return goTypeError(value, goType);
  if (value === '') return 'unexpected end of JSON input';
  if (plainNumber.test(value)) return `json: cannot unmarshal number ${value} into Go value of type ${goType}`;
  return `invalid character '${value[0]}' looking for beginning of value`;
}

const plainNumber = /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;

function jsonTypeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
}
