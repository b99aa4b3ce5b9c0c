import { defaultProxyConfig, proxyConfig } from '../../../config/mesh/proxy-config.ts';
import { toKubeYaml } from '../../../kube/to-yaml.ts';
import { goDurationText } from '../../../lib/duration.ts';
import { protoJsonText } from '../../../lib/proto-json.ts';
import { excludeInboundPort } from '../../inbound-ports.ts';
import { appendMultusNetwork } from '../../multus.ts';
import { type FunctionTable, fn, type GoFunction, variadic } from '../function.ts';
import { decodeJson, encodeJson, toPlain } from '../json.ts';
import { isNil, typeName } from '../reflect.ts';
import { toLower } from '../sprig/case.ts';
import { toText } from '../sprig/convert.ts';
import { indent } from '../sprig/text.ts';
import { dict, GoFailure, type GoMap, type GoStruct, type GoValue } from '../value.ts';
import { omitNil } from './omit-nil.ts';
import { otelResourceAttributes } from './otel.ts';
import { applicationPorts, includeInboundPorts } from './ports.ts';

/** Reads an environment variable of the control plane for the template function `env`. */
export interface IstioDependencies {
  readonly env: (name: string) => string | undefined;
}

/** The template functions of Istio's injector; they are to be laid over sprig's. */
export function istioFunctions({ env }: IstioDependencies): FunctionTable {
  return new Map<string, GoFunction>([
    ['annotation', fn(['objectMeta', 'string', 'any'], annotation)],
    ['isset', fn(['stringMap', 'string'], (map, key) => map.entries().has(key))],
    ['valueOrDefault', fn(['any', 'any'], (value, fallback) => (value === null || value === '' ? fallback : value))],
    ['excludeInboundPort', fn(['any', 'string'], (port, list) => excludeInboundPort(toText(port), list))],
    ['includeInboundPorts', fn(['containers'], (containers) => includeInboundPorts(containers))],
    ['applicationPorts', fn(['containers'], (containers) => applicationPorts(containers))],
    ['kubevirtInterfaces', fn(['string'], (text) => text)],
    ['excludeInterfaces', fn(['string'], (text) => text)],
    ['appendMultusNetwork', fn(['string', 'string'], (existing, network) => appendMultusNetwork(existing, network))],
    ['toYaml', fn(['any'], (value, meter) => toKubeYaml(toPlain(value, meter)))],
    ['toJSON', fn(['stringMap'], (map, meter) => encodeJson(dict(map.entries()), meter))],
    ['toJsonMap', variadic([], 'stringMap', (maps, meter) => encodeJson(mergedMap(maps), meter))],
    ['fromJSON', fn(['string'], fromJson)],
    ['structToJSON', fn(['any'], (value, meter) => (value === null ? '{}' : encodeJson(value, meter)))],
    ['protoToJSON', fn(['message'], protoToJson)],
    ['formatDuration', fn(['message'], formatDuration)],
    ['indent', fn(['int', 'string'], indentRest)],
    ['directory', fn(['string'], (path) => path.slice(0, path.lastIndexOf('/') + 1))],
    ['contains', fn(['string', 'string'], (part, text) => text.includes(part))],
    ['toLower', fn(['string'], (text) => toLower(text))],
    ['env', fn(['string', 'string'], (name, fallback) => env(name) || fallback)],
    ['omit', variadic(['stringMap'], 'string', omit)],
    ['strdict', variadic([], 'string', stringDict)],
    ['mergeMaps', variadic([], 'stringMap', (maps) => (maps.length === 0 ? null : mergedMap(maps)))],
    ['omitNil', fn(['any'], (value, meter) => omitNil(value, meter))],
    [
      'otelResourceAttributes',
      fn(['message', 'stringMap', 'stringMap', 'string', 'containers'], (mesh, annotations, labels, namespace, containers) =>
        otelResourceAttributes({ mesh, annotations, labels, namespace, containers }),
      ),
    ],
  ]);
}

function annotation(meta: GoStruct, name: string, fallback: GoValue): string {
  const annotations = meta.get('Annotations');
  const value = typeof annotations === 'object' && annotations?.kind === 'map' ? annotations.entries().get(name) : undefined;
  return typeof value === 'string' ? value : toText(fallback);
}

/** A text that is no JSON gives the text `{}`, as in Istio. */
function fromJson(text: string): GoValue {
  try {
    return decodeJson(text);
  } catch (caught) {
    if (caught instanceof GoFailure) return '{}';
    throw caught;
  }
}

/** Of a ProxyConfig only what differs from the built-in defaults. */
function protoToJson(value: GoStruct): string {
  if (isNil(value) || !value.message) return value.json?.() ?? '{}';
  const { value: source, schema } = value.message;
  return schema === proxyConfig ? protoJsonText(source, proxyConfig, defaultProxyConfig) : (value.json?.() ?? '{}');
}

function formatDuration(value: GoStruct): string {
  if (typeName(value) !== '*durationpb.Duration' && value.type !== 'nil') {
    throw new GoFailure(`wrong type for value; expected *durationpb.Duration; got ${typeName(value)}`);
  }
  return goDurationText(wholeNumber(value.get('Seconds')) * 1_000_000_000n + wholeNumber(value.get('Nanos')));
}

function wholeNumber(value: GoValue): bigint {
  return typeof value === 'object' && value?.kind === 'int' ? value.value : 0n;
}

/** Unlike sprig's the first line stays as it is. */
function indentRest(count: number, text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text : `${text.slice(0, end)}\n${indent(count, text.slice(end + 1))}`;
}

function omit(map: GoMap, keys: readonly string[]): GoMap {
  return dict(new Map([...map.entries()].filter(([key]) => !keys.includes(key))), 'string');
}

function stringDict(parts: readonly string[]): GoMap {
  const entries = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2) entries.set(parts[at] ?? '', parts[at + 1] ?? '');
  return dict(entries, 'string');
}

function mergedMap(maps: readonly GoMap[]): GoMap {
  return dict(new Map(maps.flatMap((map) => [...map.entries()])), 'string');
}
