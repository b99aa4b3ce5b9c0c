import { limits } from '../limits.ts';
import { typeName } from '../reflect.ts';
import {
  type GoEnum,
  type GoInt,
  type GoList,
  type GoMap,
  type GoPointer,
  type GoStruct,
  type GoValue,
  LimitFailure,
  sortedKeys,
} from '../value.ts';
import { formatFloat } from './number.ts';
import { quoteText } from './quote.ts';
import { timeText } from './time-text.ts';

/** One `%…` of a format: the verb and the flags in front of it. */
export interface Directive {
  readonly verb: string;
  readonly plus?: boolean;
  readonly minus?: boolean;
  readonly sharp?: boolean;
  readonly space?: boolean;
  readonly zero?: boolean;
  readonly width?: number;
  readonly precision?: number;
}

/** `%v` without flags. */
export const plainVerb: Directive = { verb: 'v' };

/**
 * A value under a directive, as Go's fmt prints it. One difference: a pointer to a scalar prints what it points to, never an address.
 * Fails when the text or the nesting exceeds the limits.
 * @see https://pkg.go.dev/fmt
 */
export function formatValue(value: GoValue, directive: Directive): string {
  const nil = value === undefined || value === null;
  if (directive.verb === 'T') return pad(typeName(value), directive);
  if (nil) return directive.verb === 'v' ? pad('<nil>', directive) : `%!${directive.verb}(<nil>)`;
  const printer = new Printer(directive);
  printer.value(value, 0);
  return printer.text;
}

/** Collects the text of one value; a class because its text has a size to watch. */
class Printer {
  text = '';
  readonly directive: Directive;
  readonly named: boolean;
  readonly sharpV: boolean;

  constructor(directive: Directive) {
    // Under %+v the sign flag means field names.
    this.directive = directive.verb === 'v' && directive.plus ? { ...directive, plus: false } : directive;
    this.named = directive.verb === 'v' && directive.plus === true;
    this.sharpV = directive.verb === 'v' && directive.sharp === true;
  }

  add(text: string): void {
    this.text += text;
    if (this.text.length > limits.maxOutputBytes) throw new LimitFailure('text is longer than 4 MiB');
  }

  value(value: GoValue, depth: number): void {
    if (depth > limits.maxValueDepth) throw new LimitFailure('value is nested too deeply');
    if (value === undefined || value === null) return this.add(this.sharpV ? 'interface {}(nil)' : '<nil>');
    if (typeof value !== 'object') return this.add(scalarText(value, this.directive));
    switch (value.kind) {
      case 'int':
        return this.add(integerText(value, this.directive));
      case 'enum':
        return this.add(enumText(value, this.directive));
      case 'time':
        return this.add(stringText(timeText(value), this.directive));
      case 'list':
        return this.list(value, depth);
      case 'map':
        return this.map(value, depth);
      case 'struct':
        return this.struct(value, depth);
      case 'pointer':
        return this.pointer(value, depth);
    }
  }

  list(value: GoList, depth: number): void {
    if (this.sharpV) this.add(value.isNil ? `${value.type}(nil)` : `${value.type}{`);
    else this.add('[');
    if (this.sharpV && value.isNil) return;
    for (const [index, item] of value.items().entries()) {
      if (index > 0) this.add(this.sharpV ? ', ' : ' ');
      this.value(item, depth + 1);
    }
    this.add(this.sharpV ? '}' : ']');
  }

  map(value: GoMap, depth: number): void {
    if (this.sharpV && value.isNil) return this.add(`${value.type}(nil)`);
    this.add(this.sharpV ? `${value.type}{` : 'map[');
    for (const [index, key] of sortedKeys(value).entries()) {
      if (index > 0) this.add(this.sharpV ? ', ' : ' ');
      this.value(key, depth + 1);
      this.add(':');
      this.value(value.entries().get(key), depth + 1);
    }
    this.add(this.sharpV ? '}' : ']');
  }

  struct(value: GoStruct, depth: number): void {
    if (value.text && (value.pointer || value.text.of === 'value') && !this.sharpV)
      return this.add(stringText(value.text.render(), this.directive));
    if (value.isNil) return this.add(this.nilText(typeName(value)));
    if (value.pointer) this.add('&');
    this.add(this.sharpV ? `${value.type}{` : '{');
    for (const [index, field] of value.fields.entries()) {
      if (index > 0) this.add(this.sharpV ? ', ' : ' ');
      if (this.sharpV || this.named) this.add(`${field}:`);
      this.value(value.get(field), depth + 1);
    }
    this.add('}');
  }

  pointer(value: GoPointer, depth: number): void {
    if (value.isNil) return this.add(this.nilText(value.type));
    this.value(value.target, depth + 1);
  }

  nilText(type: string): string {
    if (this.sharpV) return `(${type})(nil)`;
    return this.directive.verb === 'v' ? pad('<nil>', this.directive) : `%!${this.directive.verb}(${type}=<nil>)`;
  }
}

function scalarText(value: string | number | boolean, directive: Directive): string {
  if (typeof value === 'string') return stringText(value, directive);
  if (typeof value === 'number') return floatText(value, directive);
  return directive.verb === 't' || directive.verb === 'v' ? pad(String(value), directive) : badVerb(value, directive);
}

/** The flags hold for the value inside too. */
function badVerb(value: GoValue, directive: Directive): string {
  return `%!${directive.verb}(${typeName(value)}=${formatValue(value, { ...directive, verb: 'v' })})`;
}

const hexVerbs: Readonly<Record<string, boolean>> = { x: false, X: true };

function stringText(value: string, directive: Directive): string {
  const { verb, precision } = directive;
  const cut = precision === undefined ? value : [...value].slice(0, precision).join('');
  if (verb === 's' || (verb === 'v' && !directive.sharp)) return pad(cut, directive);
  if (verb === 'q' || verb === 'v') {
    if (directive.sharp && verb === 'q' && !cut.includes('`') && printableLine(cut)) return pad(`\`${cut}\``, directive);
    return pad(quoteText(cut, { ascii: directive.plus === true }), directive);
  }
  const upper = Object.hasOwn(hexVerbs, verb) ? hexVerbs[verb] : undefined;
  return upper === undefined ? badVerb(value, directive) : pad(hexBytes(value, directive, upper), directive);
}

const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} \t]/u;

function printableLine(text: string): boolean {
  return !unprintable.test(text);
}

function hexBytes(value: string, directive: Directive, upper: boolean): string {
  const bytes = Buffer.from(value, 'utf8').subarray(0, directive.precision);
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const prefix = directive.sharp && pairs.length > 0 ? '0x' : '';
  const text = directive.space ? pairs.map((pair) => prefix + pair).join(' ') : prefix + pairs.join('');
  return upper ? text.toUpperCase() : text;
}

function floatText(value: number, directive: Directive): string {
  const { verb, precision } = directive;
  if (verb === 'v' || verb === 'g' || verb === 'G') return padNumber(cased(formatFloat(value, 'g', precision), verb === 'G'), directive);
  if (verb === 'e' || verb === 'E') return padNumber(cased(formatFloat(value, 'e', precision ?? 6), verb === 'E'), directive);
  if (verb === 'f' || verb === 'F') return padNumber(formatFloat(value, 'f', precision ?? 6), directive);
  return badVerb(value, directive);
}

function cased(text: string, upper: boolean): string {
  return upper ? text.replace('e', 'E') : text;
}

function enumText(value: GoEnum, directive: Directive): string {
  if (directive.verb === 'd') return integerText(value, directive);
  return stringText(value.name, directive);
}

const integerBases: Readonly<Record<string, { readonly base: number; readonly prefix: string }>> = {
  v: { base: 10, prefix: '' },
  d: { base: 10, prefix: '' },
  b: { base: 2, prefix: '0b' },
  o: { base: 8, prefix: '0' },
  O: { base: 8, prefix: '' },
  x: { base: 16, prefix: '0x' },
  X: { base: 16, prefix: '0X' },
};

function integerText(value: GoInt | GoEnum, directive: Directive): string {
  const { verb } = directive;
  const layout = Object.hasOwn(integerBases, verb) ? integerBases[verb] : undefined;
  if (!layout) return characterText(value, directive);
  const negative = value.value < 0n;
  const magnitude = negative ? -value.value : value.value;
  const text = magnitude.toString(layout.base).padStart(directive.precision ?? 0, '0');
  const digits = directive.precision === 0 && magnitude === 0n ? '' : text;
  const prefix = verb === 'O' ? '0o' : directive.sharp ? layout.prefix : '';
  const body = verb === 'X' ? digits.toUpperCase() : digits;
  const plain = directive.precision === undefined ? directive : { ...directive, zero: false };
  return padNumber((negative ? '-' : '') + prefix + body, plain, prefix.length);
}

function characterText(value: GoInt | GoEnum, directive: Directive): string {
  const code = Number(value.value);
  const valid = code >= 0 && code <= 0x10ffff;
  const char = valid ? String.fromCodePoint(code) : '\ufffd';
  if (directive.verb === 'c') return pad(char, directive);
  if (directive.verb === 'q') return pad(quoteText(char, { quote: "'", ascii: directive.plus === true }), directive);
  if (directive.verb !== 'U') return badVerb(value, directive);
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return pad(directive.sharp ? `${name} '${char}'` : name, directive);
}

/** Adds the sign flags to a number and pads it; zeros go between the sign (and prefix) and the digits. */
function padNumber(text: string, directive: Directive, prefixLength = 0): string {
  const bare = text.startsWith('-') || text.startsWith('+') ? text.slice(1) : text;
  const positive = directive.plus || text.startsWith('+') ? '+' : directive.space ? ' ' : '';
  const sign = text.startsWith('-') ? '-' : positive;
  const { zero, minus, width = 0 } = directive;
  if (!zero || minus) return pad(sign + bare, { ...directive, zero: false });
  const prefix = bare.slice(0, prefixLength);
  return sign + prefix + bare.slice(prefixLength).padStart(width - sign.length, '0');
}

function pad(text: string, { width = 0, minus, zero }: Directive): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (minus) return text + ' '.repeat(missing);
  return (zero ? '0' : ' ').repeat(missing) + text;
}
