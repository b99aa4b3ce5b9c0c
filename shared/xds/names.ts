/** The names of Envoy resources. Users' EnvoyFilters, dashboards and Istio's own tools rely on them: this is the only place that forms them. */

export const blackHoleCluster = 'BlackHoleCluster';
export const passthroughCluster = 'PassthroughCluster';
export const inboundPassthroughCluster = 'InboundPassthroughCluster';

export const virtualOutboundListener = 'virtualOutbound';
export const virtualInboundListener = 'virtualInbound';

/** `outbound|80|v1|web.shop.svc.cluster.local`; without a subset the cluster of all endpoints. */
export function outboundClusterName(host: string, port: number, subset = ''): string {
  return `outbound|${port}|${subset}|${host}`;
}

/** Server name by which mutual TLS names the cluster: `outbound_.80_.v1_.web.shop.svc.cluster.local`. */
export function clusterServerName(host: string, port: number, subset = ''): string {
  return `outbound_.${port}_.${subset}_.${host}`;
}

/** `inbound|8080||`, for a container port. */
export function inboundClusterName(targetPort: number): string {
  return `inbound|${targetPort}||`;
}

/** The `;` ends the name for Envoy's extraction of tags from statistics. */
export function statisticsName(name: string): string {
  return `${name};`;
}
