import { isJsonObject, type JsonValue } from '../lib/json.ts';

/** A JSON value as Go's `%v` prints it: maps sorted, numbers as float64 (large ones in exponent form), null as `<nil>`. */
export function goText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (value === null) return '<nil>';
  if (typeof value === 'number') return goFloat(value);
  if (typeof value === 'boolean') return String(value);
  if (isJsonObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${key}:${goText(value[key] ?? null)}`);
    return `map[${members.join(' ')}]`;
  }
  return `[${(value as readonly JsonValue[]).map(goText).join(' ')}]`;
}

const exponentForm = /^(-?[\d.]+)e([+-])(\d+)$/;

/** `%v` of a float64: shortest digits, exponent form below 1e-4 and from 1e6 up. @see https://pkg.go.dev/strconv#FormatFloat */
function goFloat(value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 6) return value.toString();
  const match = exponentForm.exec(value.toExponential());
  return match ? `${match[1]}e${match[2]}${(match[3] ?? '').padStart(2, '0')}` : value.toString();
}
