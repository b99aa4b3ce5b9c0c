/** What of Envoy's configuration a patch is for. Fields in the order of the .proto file. */

import { error, type Finding, type Findings, warning } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { enumeration, type InferMessage, map, message, oneof, string, uint32 } from '../../lib/message.ts';
import { regexProblem } from '../../lib/re2.ts';
import { newFilterName } from './envoy-filter-name.ts';

const name = 'istio.networking.v1alpha3.EnvoyFilter';

const subFilterMatch = message(`${name}.ListenerMatch.SubFilterMatch`, { name: string });
const filterMatch = message(`${name}.ListenerMatch.FilterMatch`, { name: string, subFilter: subFilterMatch });
type FilterMatch = InferMessage<typeof filterMatch>;

const listenerMatch = message(`${name}.ListenerMatch`, {
  portNumber: uint32,
  portName: string,
  filterChain: message(`${name}.ListenerMatch.FilterChainMatch`, {
    name: string,
    sni: string,
    transportProtocol: string,
    applicationProtocols: string,
    filter: filterMatch,
    destinationPort: uint32,
    transportSocket: string,
  }),
  listenerFilter: string,
  name: string,
});

const routeMatch = message(`${name}.RouteConfigurationMatch.RouteMatch`, {
  name: string,
  action: enumeration(`${name}.RouteConfigurationMatch.RouteMatch.Action`, ['ANY', 'ROUTE', 'REDIRECT', 'DIRECT_RESPONSE']),
});

const routeConfigurationMatch = message(`${name}.RouteConfigurationMatch`, {
  portNumber: uint32,
  portName: string,
  gateway: string,
  vhost: message(`${name}.RouteConfigurationMatch.VirtualHostMatch`, { name: string, route: routeMatch, domainName: string }),
  name: string,
});

const waypointMatch = message(`${name}.WaypointMatch`, {
  portNumber: uint32,
  filter: message(`${name}.WaypointMatch.FilterMatch`, {
    name: string,
    subFilter: message(`${name}.WaypointMatch.SubFilterMatch`, { name: string }),
  }),
  route: message(`${name}.WaypointMatch.RouteMatch`, { name: string }),
});

/** @see https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter-EnvoyConfigObjectMatch */
export const objectMatch = message(`${name}.EnvoyConfigObjectMatch`, {
  context: enumeration(`${name}.PatchContext`, ['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY', 'WAYPOINT']),
  proxy: message(`${name}.ProxyMatch`, { proxyVersion: string, metadata: map(string) }),
  ...oneof('ObjectTypes', {
    listener: listenerMatch,
    routeConfiguration: routeConfigurationMatch,
    cluster: message(`${name}.ClusterMatch`, { portNumber: uint32, service: string, subset: string, name: string }),
    waypoint: waypointMatch,
  }),
});
export type ObjectMatch = InferMessage<typeof objectMatch>;

const maxVersionLength = 1024;

/** A longer expression is not even compiled. Paths from the match. */
export function* checkProxyVersion({ proxy }: ObjectMatch): Findings {
  const version = proxy?.proxyVersion ?? '';
  if (version.length > maxVersionLength) {
    yield warning(
      'proxy-version-long',
      'proxy.proxyVersion',
      `Envoy filter: proxy version regex is longer than ${maxVersionLength} characters`,
    );
    return;
  }
  const problem = regexProblem(version);
  if (problem !== undefined)
    yield error('proxy-version', 'proxy.proxyVersion', `Envoy filter: invalid regex for proxy version, [${problem}]`);
}

/** What each kind of object can be matched by. */
const matchOf: Readonly<Record<string, 'listener' | 'routeConfiguration' | 'cluster'>> = {
  LISTENER: 'listener',
  FILTER_CHAIN: 'listener',
  NETWORK_FILTER: 'listener',
  HTTP_FILTER: 'listener',
  ROUTE_CONFIGURATION: 'routeConfiguration',
  VIRTUAL_HOST: 'routeConfiguration',
  HTTP_ROUTE: 'routeConfiguration',
  CLUSTER: 'cluster',
};

const classes = {
  listener: 'listener class objects cannot have non listener match',
  routeConfiguration: 'http route class objects cannot have non route configuration match',
  cluster: 'cluster class objects cannot have non cluster match',
} as const;

/** Whether the match fits what the patch applies to. Paths from the match. */
export function* checkMatch(match: ObjectMatch, applyTo: string): Findings {
  const wanted = matchOf[applyTo];
  const hasMatch = match.listener ?? match.routeConfiguration ?? match.cluster ?? match.waypoint;
  if (wanted === undefined || hasMatch === undefined) return;
  if (match[wanted] === undefined) yield error('match-class', '', `Envoy filter: applyTo for ${classes[wanted]}`);
  const filter = match.listener?.filterChain?.filter;
  if (wanted === 'listener' && filter) yield* checkFilterMatch(filter, applyTo);
}

const filterPath = 'listener.filterChain.filter';
const connectionManager = 'envoy.filters.network.http_connection_manager';

function* checkFilterMatch(filter: FilterMatch, applyTo: string): Findings {
  const { name: filterName = '', subFilter } = filter;
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') {
    yield warning('filter-match-unused', filterPath, `Envoy filter: filter match has no effect when used with ${applyTo}`);
  }
  const problem = filterMatchProblem(filter, applyTo);
  if (problem !== undefined) {
    yield problem;
    return;
  }
  yield* checkFilterName(filterName, `${filterPath}.name`);
  yield* checkFilterName(subFilter?.name ?? '', `${filterPath}.subFilter.name`);
}

function filterMatchProblem({ name: filterName = '', subFilter }: FilterMatch, applyTo: string): Finding | undefined {
  if (filterName === '') return error('filter-match-name', filterPath, 'Envoy filter: filter match has no name to match on');
  if (subFilter === undefined) return undefined;
  const path = `${filterPath}.subFilter`;
  if (applyTo !== 'HTTP_FILTER')
    return error('sub-filter-match', path, 'Envoy filter: subfilter match can be used with applyTo HTTP_FILTER only');
  if (filterName !== connectionManager && newFilterName(filterName) !== connectionManager) {
    return error('sub-filter-match', path, `Envoy filter: subfilter match requires filter match with ${connectionManager}`);
  }
  return subFilter.name ? undefined : error('sub-filter-match', path, 'Envoy filter: subfilter match has no name to match on');
}

function* checkFilterName(filterName: string, path: string): Findings {
  const replacement = newFilterName(filterName);
  if (replacement === undefined) return;
  yield warning('filter-name-deprecated', path, `using deprecated filter name ${quoted(filterName)}; use ${quoted(replacement)} instead`);
}
