import { isJsonArray, isJsonObject, type JsonValue } from '../../lib/json.ts';
import { annotation } from '../annotation-names.ts';
import { annotationOr, hasAnnotation, type TemplateInput } from './input.ts';
import { excludedInboundPorts, interceptionMode } from './interception.ts';

/** The network that Istio's CNI plugin is, for a multus cluster. */
const istioNetwork = 'default/istio-cni';

/** A CNI plugin sees the pod's annotations, and neither values nor mesh configuration: what it needs is written down for it. */
export function cniAnnotations(input: TemplateInput): Readonly<Record<string, string>> {
  const { cniEnabled, cniProvider, proxy } = input.values;
  if (!cniEnabled) return {};
  const own = input.pod.metadata?.annotations ?? {};
  const filled: readonly (readonly [string, string])[] = [
    [annotation.includeOutboundIpRanges, annotationOr(input, annotation.includeOutboundIpRanges, proxy.includeIpRanges)],
    [annotation.excludeOutboundIpRanges, annotationOr(input, annotation.excludeOutboundIpRanges, proxy.excludeIpRanges)],
    [annotation.includeInboundPorts, annotationOr(input, annotation.includeInboundPorts, proxy.includeInboundPorts)],
    [annotation.kubevirtInterfaces, own[annotation.kubevirtInterfaces] ?? ''],
    [annotation.rerouteVirtualInterfaces, own[annotation.rerouteVirtualInterfaces] ?? ''],
    [annotation.excludeInterfaces, own[annotation.excludeInterfaces] ?? ''],
  ];
  return {
    ...(cniProvider === 'multus' && { [annotation.cniNetworks]: appendMultusNetwork(own[annotation.cniNetworks] ?? '', istioNetwork) }),
    [annotation.interceptionMode]: interceptionMode(input),
    ...Object.fromEntries(filled.filter(([, value]) => value !== '')),
    [annotation.excludeInboundPorts]: excludedInboundPorts(input),
    ...outboundPorts(input, annotation.includeOutboundPorts, proxy.includeOutboundPorts),
    ...outboundPorts(input, annotation.excludeOutboundPorts, proxy.excludeOutboundPorts),
  };
}

function outboundPorts(input: TemplateInput, name: string, byDefault: string): Readonly<Record<string, string>> {
  return hasAnnotation(input, name) || byDefault !== '' ? { [name]: annotationOr(input, name, byDefault) } : {};
}

/**
 * Adds a network to a multus annotation in its own notation, comma list or JSON; one that is there already, or a text that cannot be read,
 * stays as it is.
 *
 * @see https://github.com/k8snetworkplumbingwg/multi-net-spec
 */
export function appendMultusNetwork(existing: string, network: string): string {
  if (existing === '') return network;
  if (existing.includes(']')) return appendToJson(existing, network);
  return existing.split(',').some((entry) => entry.trim() === network) ? existing : `${existing}, ${network}`;
}

/** Istio compatibility: the text is extended, not rebuilt, so that the user's layout stays; an empty array becomes unreadable. */
function appendToJson(existing: string, network: string): string {
  const networks = parseNetworks(existing);
  const [namespace, name] = network.includes('/') ? network.split('/', 2) : ['', network];
  const isThere = networks?.some((entry) => entry['name'] === name && (entry['namespace'] ?? '') === namespace);
  if (!networks || isThere) return existing;
  const entry = namespace ? `{"name": "${name}", "namespace": "${namespace}"}` : `{"name": "${name}"}`;
  const end = existing.lastIndexOf(']');
  return `${existing.slice(0, end)}, ${entry}${existing.slice(end)}`;
}

function parseNetworks(text: string): readonly Readonly<Record<string, JsonValue | undefined>>[] | undefined {
  try {
    const parsed: JsonValue = JSON.parse(text);
    return isJsonArray(parsed) && parsed.every(isJsonObject) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
