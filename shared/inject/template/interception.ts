import type { Container, SecurityContext } from '../../kube/pod.ts';
import { annotation, initContainer, validationContainer } from '../annotation-names.ts';
import { excludeInboundPort } from '../inbound-ports.ts';
import * as environment from './environment.ts';
import { annotationOr, hasAnnotation, type TemplateInput } from './input.ts';
import * as proxy from './proxy-container.ts';

/** How the pod's traffic reaches the proxy. @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig-InboundInterceptionMode */
export function interceptionMode({ pod, proxyConfig }: TemplateInput): string {
  return pod.metadata?.annotations?.[annotation.interceptionMode] ?? proxyConfig.interceptionMode ?? 'REDIRECT';
}

export function isTproxy(input: TemplateInput): boolean {
  return interceptionMode(input) === 'TPROXY';
}

/** The init container that redirects traffic to the proxy, or that checks what a CNI plugin did; none if nothing is intercepted. */
export function interception(input: TemplateInput): readonly Container[] {
  if (interceptionMode(input) === 'NONE') return [];
  const env = environment.proxyMetadata(input);
  return [
    {
      name: input.values.cniEnabled ? validationContainer : initContainer,
      image: proxy.initImage(input),
      ...proxy.pullPolicy(input),
      args: iptablesArguments(input),
      ...(env.length > 0 && { env }),
      resources: proxy.resources(input),
      securityContext: securityContext(input),
    },
  ];
}

function iptablesArguments(input: TemplateInput): readonly string[] {
  const { mesh, values, proxyIds } = input;
  const excluded = excludedInboundPorts(input);
  return [
    'istio-iptables',
    '-p',
    String(mesh.proxyListenPort ?? 15001),
    '-z',
    String(mesh.proxyInboundListenPort ?? 15006),
    '-u',
    isTproxy(input) ? '1337' : String(proxyIds.uid),
    '-m',
    interceptionMode(input),
    '-i',
    annotationOr(input, annotation.includeOutboundIpRanges, values.proxy.includeIpRanges),
    '-x',
    annotationOr(input, annotation.excludeOutboundIpRanges, values.proxy.excludeIpRanges),
    '-b',
    annotationOr(input, annotation.includeInboundPorts, values.proxy.includeInboundPorts),
    '-d',
    excluded === '' ? '15090,15021' : `15090,15021,${excluded}`,
    ...portFlag(input, '-q', annotation.includeOutboundPorts, values.proxy.includeOutboundPorts),
    ...portFlag(input, '-o', annotation.excludeOutboundPorts, values.proxy.excludeOutboundPorts),
    ...interfaceFlags(input),
    proxy.logLevelArgument(input),
    ...(values.global.logAsJson ? ['--log_as_json'] : []),
    ...applyFlags(input),
    ...(values.global.nativeNftables ? ['--native-nftables'] : []),
  ];
}

function portFlag(input: TemplateInput, flag: string, name: string, byDefault: string): readonly string[] {
  return hasAnnotation(input, name) || byDefault !== '' ? [flag, annotationOr(input, name, byDefault)] : [];
}

function interfaceFlags(input: TemplateInput): readonly string[] {
  const { annotations } = input.pod.metadata ?? {};
  const virtual = annotations?.[annotation.rerouteVirtualInterfaces] ?? annotations?.[annotation.kubevirtInterfaces];
  const excluded = annotations?.[annotation.excludeInterfaces];
  return [...(virtual === undefined ? [] : ['-k', virtual]), ...(excluded === undefined ? [] : ['-c', excluded])];
}

function applyFlags({ values }: TemplateInput): readonly string[] {
  if (values.cniEnabled) return ['--run-validation', '--skip-rule-apply'];
  return values.global.forceApplyIptables ? ['--force-apply'] : [];
}

/** The inbound ports that the user excludes, and the agent's own, which the kubelet must reach. */
export function excludedInboundPorts(input: TemplateInput): string {
  return excludeInboundPort(
    proxy.statusPort(input),
    annotationOr(input, annotation.excludeInboundPorts, input.values.proxy.excludeInboundPorts),
  );
}

function securityContext(input: TemplateInput): SecurityContext {
  const { privileged, seccompProfile } = input.values.proxy;
  const common = { allowPrivilegeEscalation: privileged, privileged, ...(seccompProfile && { seccompProfile }) };
  if (!input.values.cniEnabled) {
    const root = { readOnlyRootFilesystem: false, runAsGroup: 0, runAsNonRoot: false, runAsUser: 0 };
    return { ...common, ...root, capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] } };
  }
  const { uid, gid } = isTproxy(input) ? { uid: 1337, gid: 1337 } : input.proxyIds;
  const user = { readOnlyRootFilesystem: true, runAsGroup: gid, runAsNonRoot: true, runAsUser: uid };
  return { ...common, ...user, capabilities: { drop: ['ALL'] } };
}
