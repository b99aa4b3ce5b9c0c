import { escapeHtmlInJson } from '../../lib/go-json-text.ts';
import { setOwnMember } from '../../lib/own-member.ts';
import { limits, type Meter } from './limits.ts';
import { indirect } from './reflect.ts';
import { fromPlain, GoFailure, type GoStruct, type GoValue, LimitFailure, sortedKeys } from './value.ts';

/** How JSON is laid out: on one line, or in lines with this indentation. */
export interface JsonLayout {
  readonly indent?: string;
  /** `<`, `>` and `&` as they are. */
  readonly raw?: boolean;
}

/** JSON as Go's encoder writes it. Fails when it exceeds the limits. */
export function encodeJson(value: GoValue, meter: Meter, layout: JsonLayout = {}): string {
  const encoder = new Encoder(meter, layout.indent);
  encoder.value(value, 0);
  return layout.raw ? encoder.text.replace(lineSeparators, escapeSeparator) : escapeHtmlInJson(encoder.text);
}

const lineSeparators = /[\u2028\u2029]/g;

function escapeSeparator(separator: string): string {
  return separator === '\u2028' ? '\\u2028' : '\\u2029';
}

class Encoder {
  text = '';
  readonly meter: Meter;
  readonly indent: string | undefined;

  constructor(meter: Meter, indent: string | undefined) {
    this.meter = meter;
    this.indent = indent;
  }

  add(text: string): void {
    this.text += text;
    this.meter.spend(text.length);
    if (this.text.length > limits.maxOutputBytes) throw new LimitFailure('text is longer than 4 MiB');
  }

  value(given: GoValue, depth: number): void {
    if (depth > limits.maxValueDepth) throw new LimitFailure('value is nested too deeply');
    const value = indirect(given);
    if (value === undefined || value === null) return this.add('null');
    if (typeof value === 'string') return this.add(JSON.stringify(value));
    if (typeof value === 'boolean') return this.add(String(value));
    if (typeof value === 'number') return this.add(numberText(value));
    switch (value.kind) {
      case 'int':
      case 'enum':
        return this.add(String(value.value));
      case 'time':
        return this.add(JSON.stringify(new Date(value.epochMs).toISOString().replace(millis, 'Z')));
      case 'pointer':
        return this.add('null');
      case 'list':
        if (value.isNil) return this.add('null');
        return this.members(
          '[]',
          value.items().map((item) => ['', item] as const),
          depth,
        );
      case 'map':
        if (value.isNil) return this.add('null');
        return this.members(
          '{}',
          sortedKeys(value).map((key) => [this.key(key), value.entries().get(key)] as const),
          depth,
        );
      case 'struct':
        return this.struct(value, depth);
    }
  }

  struct(value: GoStruct, depth: number): void {
    if (value.isNil) return this.add('null');
    if (!value.json)
      return this.members(
        '{}',
        value.fields.map((name) => [this.key(name), value.get(name)] as const),
        depth,
      );
    const text = value.json();
    if (this.indent === undefined) this.add(text);
    else this.value(fromPlain(JSON.parse(text)), depth);
  }

  key(name: string): string {
    return `${JSON.stringify(name)}:${this.indent === undefined ? '' : ' '}`;
  }

  members(brackets: '[]' | '{}', members: readonly (readonly [string, GoValue])[], depth: number): void {
    if (members.length === 0) return this.add(brackets);
    this.add(brackets.charAt(0));
    for (const [index, [key, value]] of members.entries()) {
      if (index > 0) this.add(',');
      this.newLine(depth + 1);
      this.add(key);
      this.value(value, depth + 1);
    }
    this.newLine(depth);
    this.add(brackets.charAt(1));
  }

  newLine(depth: number): void {
    if (this.indent !== undefined) this.add(`\n${this.indent.repeat(depth)}`);
  }
}

const millis = /\.000Z$/;

function numberText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  throw new GoFailure(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`);
}

/** A value as plain JSON data, for printers that take such. Whole numbers beyond 2^53 lose digits. Fails when it exceeds the limits. */
export function toPlain(value: GoValue, meter: Meter): unknown {
  return plain(value, meter, 0);
}

/** A value is copied, and then printed in lines that are indented by its depth. */
const nodeCost = 256;
const lineCost = 8;

function plain(given: GoValue, meter: Meter, depth: number): unknown {
  meter.spend(nodeCost + depth * lineCost);
  if (depth > limits.maxValueDepth) throw new LimitFailure('value is nested too deeply');
  const value = indirect(given);
  if (typeof value !== 'object' || value === null) return value ?? null;
  switch (value.kind) {
    case 'int':
    case 'enum':
      return Number(value.value);
    case 'list':
      return value.isNil ? null : value.items().map((item) => plain(item, meter, depth + 1));
    case 'map': {
      if (value.isNil) return null;
      const members: Record<string, unknown> = {};
      for (const [key, item] of value.entries()) setOwnMember(members, key, plain(item, meter, depth + 1));
      return members;
    }
    default:
      return JSON.parse(encodeJson(value, meter));
  }
}

/** Parses JSON as Go does into `interface{}`. Fails on what is no JSON. */
export function decodeJson(text: string): GoValue {
  try {
    return fromPlain(JSON.parse(text));
  } catch {
    throw new GoFailure(jsonProblem(text));
  }
}

const blank = /^[ \t\r\n]*/;

/** Go names the first bad character; only the simple cases are worded like that. */
function jsonProblem(text: string): string {
  const rest = text.replace(blank, '');
  if (rest === '') return 'unexpected end of JSON input';
  const first = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  return jsonStart.test(first) ? 'invalid JSON' : `invalid character '${first}' looking for beginning of value`;
}

const jsonStart = /[[{"\-\dtfn]/;
