import type { ProxyView } from '../../model/index.ts';

/** What decides where outbound listeners listen and which chains they have. */
export type PlanKey = Pick<ProxyView, (typeof planFields)[number]>;
const planFields = [
  'addresses',
  'capturesDns',
  'dnsDomain',
  'httpProxyPort',
  'interception',
  'ipFamilies',
  'isUnprivileged',
  'labels',
  'ownPorts',
  'takesAutoAddresses',
] as const satisfies readonly (keyof ProxyView)[];

const outboundFields = [...planFields, 'exactBalance', 'hasIstioExtensions', 'idleTimeout'] as const satisfies readonly (keyof ProxyView)[];

/** What HTTP chains read besides: their spans name the workload. */
const httpFields = [
  'acceptsHttp10',
  'canonicalName',
  'canonicalRevision',
  'cluster',
  'meshId',
  'nodeCluster',
  'proxyConfig',
  'version',
] as const satisfies readonly (keyof ProxyView)[];

/** Outbound listeners without HTTP say nothing of the workload, so all workloads of a scope can share them. */
export const tcpListenerFields = outboundFields;
export type TcpListenerKey = Pick<ProxyView, (typeof tcpListenerFields)[number]>;

export const httpListenerFields = [...outboundFields, ...httpFields] as const;
export type HttpListenerKey = Pick<ProxyView, (typeof httpListenerFields)[number]>;

/** Listeners of gateways: what their servers say, and the workload that their spans name. */
export const gatewayListenerFields = [
  ...httpFields,
  'exactBalance',
  'gateway',
  'hasIstioExtensions',
  'idleTimeout',
  'interception',
  'ipFamilies',
  'labels',
  'serverCertificate',
] as const satisfies readonly (keyof ProxyView)[];
export type GatewayListenerKey = Pick<ProxyView, (typeof gatewayListenerFields)[number]>;

/** The inbound listener reads nothing of other services. */
export const inboundListenerFields = [
  ...httpFields,
  'exactBalance',
  'hasIstioExtensions',
  'idleTimeout',
  'ingress',
  'interception',
  'ipFamilies',
  'mutualTls',
  'ownPorts',
  'serverCertificate',
  'serviceTargets',
] as const satisfies readonly (keyof ProxyView)[];
export type InboundListenerKey = Pick<ProxyView, (typeof inboundListenerFields)[number]>;
