/** From nodes of the YAML parser to JSON. */

import { type Alias, isAlias, isMap, isScalar, isSeq, type Pair, Scalar, type YAMLMap } from 'yaml';
import type { JsonValue } from '../lib/json.ts';
import { setOwnMember } from '../lib/own-member.ts';
import { goFloat, goPrint } from './go-print.ts';
import { type PlainScalar, resolvePlain } from './yaml-scalar.ts';

/** A document that is well-formed, but that has no JSON. */
export class YamlFailure extends Error {}

/** Aliases may make a document this many nodes larger than it is written; more is an attack. */
const maxAliasedNodes = 100_000;

interface Anchored {
  readonly value: JsonValue;
  /** Nodes that it adds wherever it is named. */
  readonly nodes: number;
}

interface Reading {
  readonly source: string;
  /** Undefined while that node is being read: an alias inside of it would contain itself. */
  readonly anchors: Map<string, Anchored | undefined>;
  nodes: number;
  aliasedNodes: number;
}

/** Converts a document's content. Throws {@link YamlFailure}. */
export function yamlNodeToJson(node: unknown, source: string): JsonValue {
  return readNode(node, { source, anchors: new Map(), nodes: 0, aliasedNodes: 0 });
}

function readNode(node: unknown, reading: Reading): JsonValue {
  reading.nodes += 1;
  if (isAlias(node)) return readAlias(node, reading);
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor === undefined) return readContent(node, reading);
  const before = reading.nodes;
  reading.anchors.set(anchor, undefined);
  const value = readContent(node, reading);
  reading.anchors.set(anchor, { value, nodes: reading.nodes - before + 1 });
  return value;
}

function readAlias(node: Alias, reading: Reading): JsonValue {
  const name = node.source;
  const anchored = reading.anchors.get(name);
  if (!anchored) {
    const problem = reading.anchors.has(name) ? `anchor '${name}' value contains itself` : `unknown anchor '${name}' referenced`;
    throw new YamlFailure(`yaml: ${problem}`);
  }
  reading.nodes += anchored.nodes;
  reading.aliasedNodes += anchored.nodes;
  if (reading.aliasedNodes > maxAliasedNodes) throw new YamlFailure('yaml: document contains excessive aliasing');
  return anchored.value;
}

function readContent(node: unknown, reading: Reading): JsonValue {
  if (isScalar(node)) return finite(readScalar(node, reading));
  if (isMap(node)) return readMap(node, reading);
  if (isSeq(node)) return node.items.map((item) => readNode(item, reading));
  return null;
}

function finite(scalar: PlainScalar): JsonValue {
  const { value } = scalar;
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new YamlFailure(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`);
}

const coreTag = 'tag:yaml.org,2002:';
/** YAML 1.1 has no such escape; YAML 1.2 does. */
const newEscape = /^"(?:[^\\]|\\[^/])*\\\//;

function readScalar(node: Scalar, reading: Reading): PlainScalar {
  const text = node.source ?? '';
  if (node.type === Scalar.QUOTE_DOUBLE && text.includes('/') && node.range) {
    const written = reading.source.slice(node.range[0], node.range[1]);
    if (newEscape.test(written)) throw new YamlFailure('yaml: found unknown escape character');
  }
  if (node.tag === undefined) return node.type === Scalar.PLAIN ? resolvePlain(text) : { tag: 'str', value: text };
  return readTagged(text, node.tag);
}

function readTagged(text: string, tag: string): PlainScalar {
  const wanted = tag.startsWith(coreTag) ? tag.slice(coreTag.length) : 'str';
  if (wanted === 'binary') return { tag: 'str', value: readBinary(text) };
  if (wanted !== 'int' && wanted !== 'float' && wanted !== 'bool' && wanted !== 'null') return { tag: 'str', value: text };
  const scalar = resolvePlain(text);
  if (scalar.tag === 'int' && wanted === 'float') return { tag: 'float', value: scalar.value };
  if (scalar.tag === wanted) return scalar;
  throw new YamlFailure(`yaml: cannot decode !!${scalar.tag} \`${text}\` as a !!${wanted}`);
}

const base64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

function readBinary(text: string): string {
  if (!base64.test(text)) throw new YamlFailure('yaml: !!binary value contains invalid base64 data');
  return Buffer.from(text, 'base64').toString('utf8');
}

function readMap(node: YAMLMap, reading: Reading): JsonValue {
  const members: Record<string, JsonValue> = {};
  for (const pair of node.items) {
    if (isMergeKey(pair.key)) mergeInto(members, readNode(pair.value, reading));
    else setOwnMember(members, readKey(pair, reading), readNode(pair.value, reading));
  }
  return members;
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === Scalar.PLAIN && key.source === '<<' && key.tag === undefined;
}

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

function readKey(pair: Pair, reading: Reading): string {
  const { key } = pair;
  if (!isScalar(key)) return keyOfNode(key, reading);
  reading.nodes += 1;
  const scalar = readScalar(key, reading);
  if (key.anchor !== undefined) reading.anchors.set(key.anchor, { value: finite(scalar), nodes: 1 });
  if (scalar.value === null) throw new YamlFailure(`unsupported map key of type: null, value: ${goPrint(readNode(pair.value, reading))}`);
  return scalar.tag === 'float' ? floatKey(scalar.value) : String(scalar.value);
}

function keyOfNode(key: unknown, reading: Reading): string {
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
