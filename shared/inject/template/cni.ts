import { annotation } from '../annotation-names.ts';
import { appendMultusNetwork } from '../multus.ts';
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
