import type { DestinationRule, TrafficPolicy } from '../../config/networking/destination-rule.ts';
import type { RouteDestination } from '../../config/networking/virtual-service-destination.ts';
import type { ConfigObject, Labels, Scope, Service } from '../../model/index.ts';
import { patternedName } from '../cluster/statistics-name.ts';
import type { TcpRoute } from '../filter/network/tcp-proxy.ts';
import { outboundClusterName } from '../names.ts';

/** To all endpoints of a service's port. A service with a single port is reached on it whatever port is listened on (Sidecar listeners). */
export function serviceRoute(scope: Scope, service: Service, listenPort: number, labels: Labels): TcpRoute {
  const number = onlyPort(service) ?? listenPort;
  const name = outboundClusterName(service.host, number);
  const counted = { service, port: { number, name: '' }, targetPort: 0, subset: '' };
  const statPrefix = patternedName(name, scope.config.outboundClusterStatName, counted);
  return { statPrefix, clusters: [{ name, weight: 1 }], ...policyOf(scope, service, '', labels) };
}

/** To a cluster that goes by another name than its service and subset. Such connections are passed through as they are, never through a tunnel. */
export function namedClusterRoute(
  scope: Scope,
  { name, service, subset }: { readonly name: string; readonly service: Service; readonly subset: string },
  labels: Labels,
): TcpRoute {
  const { tunnel: _, ...policy } = policyOf(scope, service, subset, labels);
  return { statPrefix: name, clusters: [{ name, weight: 1 }], ...policy };
}

/** To the destinations of a VirtualService's route; their connection settings are those of the first destination's host. */
export function destinationsRoute(
  scope: Scope,
  { name, namespace }: Pick<ConfigObject<unknown>, 'name' | 'namespace'>,
  destinations: readonly RouteDestination[],
  context: { readonly listenPort: number; readonly portName: string; readonly labels: Labels },
): TcpRoute {
  const clusters = destinations.map(({ destination, weight = 0 }) => ({
    name: destinationCluster(scope, destination, context.listenPort),
    weight,
  }));
  const first = destinations[0]?.destination;
  const service = scope.serviceOf(first?.host ?? '');
  const subset = destinations.length === 1 ? (first?.subset ?? '') : '';
  const { listenPort: number, portName } = context;
  const counted = service && { service, port: { number, name: portName }, targetPort: 0, subset };
  const single = patternedName(clusters[0]?.name ?? '', scope.config.outboundClusterStatName, counted);
  const statPrefix = clusters.length === 1 ? single : `${name}.${namespace}`;
  return { statPrefix, clusters, ...(service && policyOf(scope, service, subset, context.labels)) };
}

/** The port that the destination names, or the only one of its service, or the one that is listened on. */
function destinationCluster(scope: Scope, destination: RouteDestination['destination'], listenPort: number): string {
  const { host = '', subset = '', port } = destination ?? {};
  const service = scope.serviceOf(host);
  const number = port?.number ?? (service && onlyPort(service)) ?? listenPort;
  return outboundClusterName(service?.host ?? host, number, subset);
}

function onlyPort({ ports }: Service): number | undefined {
  return ports.length === 1 ? ports[0]?.number : undefined;
}

/** What a DestinationRule says about connections: Istio reads its top level here, not that of ports. */
function policyOf(scope: Scope, service: Service, subset: string, labels: Labels): Partial<TcpRoute> {
  const rule = scope.destinationRuleFor(service, labels)?.spec;
  if (rule === undefined) return {};
  const { idleTimeout, maxConnectionDuration } = rule.trafficPolicy?.connectionPool?.tcp ?? {};
  const ofSubset = rule.subsets?.find(({ name }) => name === subset)?.trafficPolicy;
  const tunnel = ofSubset?.tunnel ?? rule.trafficPolicy?.tunnel;
  return {
    ...(idleTimeout !== undefined && { idleTimeout }),
    ...(maxConnectionDuration !== undefined && { maxConnectionDuration }),
    ...(hashesSourceIp(rule, ofSubset) && { hashesSourceIp: true }),
    ...(tunnel && { tunnel: { hostname: `${tunnel.targetHost ?? ''}:${tunnel.targetPort ?? 0}`, usesPost: tunnel.protocol === 'POST' } }),
  };
}

/** A subset that has a load balancer of its own does not inherit the hash. */
function hashesSourceIp({ trafficPolicy }: DestinationRule, ofSubset: TrafficPolicy | undefined): boolean {
  const balancer = ofSubset?.loadBalancer ?? trafficPolicy?.loadBalancer;
  return balancer?.consistentHash?.useSourceIp === true;
}
