/** From the events of the YAML parser to JSON. */

import {
  COLLECTION_STYLE,
  EVENT_ID,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  type Event as YamlEvent,
} from 'js-yaml';
import type { JsonValue } from '../lib/json.ts';
import { setOwnMember } from '../lib/own-member.ts';
import { goFloat, goPrint } from './go-print.ts';
import type { PlainScalar } from './yaml-scalar.ts';
import { isMergeKey, readScalar, rootScalar, YamlFailure, type YamlTags } from './yaml-tagged.ts';

/** Deeper documents are refused, written out or by aliases: whoever walks their JSON may recurse. */
export const maxYamlDepth = 1000;

/** Aliases may make a document this many nodes larger than it is written; more is an attack. */
const maxAliasedNodes = 100_000;

interface Anchored {
  readonly value: JsonValue;
  /** Nodes that it adds wherever it is named. */
  readonly nodes: number;
  /** Collections inside of each other. */
  readonly height: number;
}

interface Reading extends YamlTags {
  readonly events: Iterator<YamlEvent, undefined>;
  /** Undefined while that node is being read: an alias inside of it would contain itself. */
  readonly anchors: Map<string, Anchored | undefined>;
  nodes: number;
  aliasedNodes: number;
  depth: number;
  /** Largest depth since the innermost open anchor. */
  deepest: number;
}

/** Converts the first document; null if there is none. Throws {@link YamlFailure}. */
export function yamlEventsToJson(events: readonly YamlEvent[], source: string): JsonValue {
  const iterator = events[Symbol.iterator]();
  const document = iterator.next().value;
  if (document?.type !== EVENT_ID.DOCUMENT) return null;
  const prefixes = new Map<string, string>();
  for (const directive of document.directives) if (directive.kind === 'tag') prefixes.set(directive.handle, directive.prefix);
  const reading = { source, prefixes, events: iterator, anchors: new Map(), nodes: 0, aliasedNodes: 0, depth: 0, deepest: 0 };
  const root = iterator.next().value;
  return readNode(root?.type === EVENT_ID.SCALAR ? rootScalar(root, source) : root, reading);
}

type Content = ScalarEvent | SequenceEvent | MappingEvent;

function readNode(event: YamlEvent | undefined, reading: Reading): JsonValue {
  switch (event?.type) {
    case EVENT_ID.ALIAS:
      reading.nodes += 1;
      return readAlias(reading.source.slice(event.anchorStart, event.anchorEnd), reading);
    case EVENT_ID.SCALAR:
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      reading.nodes += 1;
      return event.anchorStart < 0 ? readContent(event, reading) : readAnchored(event, reading);
    default:
      return null;
  }
}

function readAnchored(event: Content, reading: Reading): JsonValue {
  const name = anchorName(event, reading);
  const { nodes, deepest, depth } = reading;
  reading.anchors.set(name, undefined);
  reading.deepest = depth;
  const value = readContent(event, reading);
  reading.anchors.set(name, { value, nodes: reading.nodes - nodes + 1, height: reading.deepest - depth });
  reading.deepest = Math.max(reading.deepest, deepest);
  return value;
}

function anchorName({ anchorStart, anchorEnd }: Content, { source }: Reading): string {
  return source.slice(anchorStart, anchorEnd);
}

function readAlias(name: string, reading: Reading): JsonValue {
  const anchored = reading.anchors.get(name);
  if (!anchored) {
    const problem = reading.anchors.has(name) ? `anchor '${name}' value contains itself` : `unknown anchor '${name}' referenced`;
    throw new YamlFailure(`yaml: ${problem}`);
  }
  reading.nodes += anchored.nodes;
  reading.aliasedNodes += anchored.nodes;
  if (reading.aliasedNodes > maxAliasedNodes) throw new YamlFailure('yaml: document contains excessive aliasing');
  reach(reading.depth + anchored.height, reading);
  return anchored.value;
}

function reach(depth: number, reading: Reading): void {
  if (depth > maxYamlDepth) throw new YamlFailure('yaml: exceeded max depth');
  reading.deepest = Math.max(reading.deepest, depth);
}

function readContent(event: Content, reading: Reading): JsonValue {
  if (event.type === EVENT_ID.SCALAR) return finite(readScalar(event, reading));
  reading.depth += 1;
  reach(reading.depth, reading);
  const value = event.type === EVENT_ID.MAPPING ? readMap(reading) : readList(reading);
  reading.depth -= 1;
  return value;
}

function finite(scalar: PlainScalar): JsonValue {
  const { value } = scalar;
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new YamlFailure(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`);
}

/** The next event inside of a collection; undefined where that ends. */
function nextInside({ events }: Reading): YamlEvent | undefined {
  const event = events.next().value;
  return event?.type === EVENT_ID.POP ? undefined : event;
}

function readList(reading: Reading): JsonValue {
  const items: JsonValue[] = [];
  for (let event = nextInside(reading); event; event = nextInside(reading)) items.push(readNode(event, reading));
  return items;
}

function readMap(reading: Reading): JsonValue {
  const members: Record<string, JsonValue> = {};
  for (let key = nextInside(reading); key; key = nextInside(reading)) {
    if (key.type !== EVENT_ID.SCALAR) setOwnMember(members, keyOfNode(key, reading), readValue(reading));
    else if (isMergeKey(key, reading.source)) mergeInto(members, readValue(reading));
    else setOwnMember(members, readKey(key, reading), readNode(valueBehind(key, reading), reading));
  }
  return members;
}

function readValue(reading: Reading): JsonValue {
  return readNode(reading.events.next().value, reading);
}

/** The parser lets an anchor or a tag begin a second map in the line of its key (`a: &b c: d`); YAML does not. */
function valueBehind(key: ScalarEvent, { events, source }: Reading): YamlEvent | undefined {
  const value = events.next().value;
  const isBlock = value?.type === EVENT_ID.MAPPING && value.style === COLLECTION_STYLE.BLOCK;
  const isInLine = key.style !== SCALAR_STYLE.LITERAL_BLOCK && key.style !== SCALAR_STYLE.FOLDED_BLOCK && key.valueEnd >= 0;
  if (isBlock && isInLine && !lineBreak.test(source.slice(key.valueEnd, value.start))) {
    const line = source.slice(0, value.start).split('\n').length;
    throw new YamlFailure(`yaml: line ${line}: mapping values are not allowed in this context`);
  }
  return value;
}

const lineBreak = /[\n\r]/;

/** Takes its place among the other members: what stands behind it overrides it, what stands before is overridden. */
function mergeInto(members: Record<string, JsonValue>, merged: JsonValue): void {
  const sources: readonly JsonValue[] = Array.isArray(merged) ? [...merged].reverse() : [merged];
  for (const source of sources) {
    if (typeof source !== 'object' || source === null || Array.isArray(source)) {
      throw new YamlFailure('yaml: map merge requires map or sequence of maps as the value');
    }
    for (const [key, value] of Object.entries(source)) setOwnMember(members, key, value);
  }
}

function readKey(key: ScalarEvent, reading: Reading): string {
  reading.nodes += 1;
  const scalar = readScalar(key, reading);
  if (key.anchorStart >= 0) reading.anchors.set(anchorName(key, reading), { value: finite(scalar), nodes: 1, height: 0 });
  if (scalar.value === null) throw new YamlFailure(`unsupported map key of type: null, value: ${goPrint(readValue(reading))}`);
  return scalar.tag === 'float' ? floatKey(scalar.value) : String(scalar.value);
}

function keyOfNode(key: YamlEvent, reading: Reading): string {
  const value = readNode(key, reading);
  if (typeof value === 'object') throw new YamlFailure(`yaml: invalid map key: ${goPrint(value)}`);
  return String(value);
}

/** Kubernetes prints such keys in single precision. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return goFloat(short);
  }
  return goFloat(single);
}
