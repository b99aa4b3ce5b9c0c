/** Users may write `reviews` for `reviews.NAMESPACE.svc.cluster.local`. Names are completed once, so that no later stage sees a short one. */

import type { DestinationRule } from '../config/networking/destination-rule.ts';
import type { HttpRoute, VirtualService } from '../config/networking/virtual-service.ts';
import type { Destination } from '../config/networking/virtual-service-destination.ts';
import { completeHost } from '../lib/host.ts';
import type { ConfigObject } from './config-object.ts';

/** Gateway name that stands for all sidecars. */
export const meshGateway = 'mesh';

export function withFullRuleHost(rule: ConfigObject<DestinationRule>, domain: string): ConfigObject<DestinationRule> {
  return { ...rule, spec: { ...rule.spec, host: completeHost(rule.spec.host ?? '', rule.namespace, domain) } };
}

/** Completes hosts, destinations and the names of gateways. */
export function withFullNames(object: ConfigObject<VirtualService>, domain: string): ConfigObject<VirtualService> {
  const { spec, namespace } = object;
  const names: Names = { host: (host) => completeHost(host, namespace, domain), gateway: (name) => fullGateway(name, namespace) };
  return {
    ...object,
    spec: {
      ...spec,
      ...(spec.hosts && { hosts: spec.hosts.map(names.host) }),
      ...withGateways(spec, names),
      ...(spec.http && { http: spec.http.map((route) => fullHttpRoute(route, names)) }),
      ...(spec.tls && { tls: spec.tls.map((route) => ({ ...withDestinations(route, names), ...matchesWithGateways(route, names) })) }),
      ...(spec.tcp && { tcp: spec.tcp.map((route) => ({ ...withDestinations(route, names), ...matchesWithGateways(route, names) })) }),
    },
  };
}

interface Names {
  readonly host: (host: string) => string;
  readonly gateway: (name: string) => string;
}

/** `NAME` and `./NAME` are Gateways of the object's namespace; `NAME.NAMESPACE` is an old form, whatever domain follows. */
function fullGateway(name: string, namespace: string): string {
  if (name === meshGateway) return name;
  if (name.startsWith('./')) return `${namespace}${name.slice(1)}`;
  if (name.includes('/')) return name;
  const [first = '', second] = name.split('.');
  return `${second ?? namespace}/${first}`;
}

function fullHttpRoute(route: HttpRoute, names: Names): HttpRoute {
  const { mirror, mirrors } = route;
  return {
    ...withDestinations(route, names),
    ...matchesWithGateways(route, names),
    ...(mirror && { mirror: fullDestination(mirror, names) }),
    ...(mirrors && {
      mirrors: mirrors.map((item) => ({ ...item, ...(item.destination && { destination: fullDestination(item.destination, names) }) })),
    }),
  };
}

interface Routed {
  readonly route?: readonly { readonly destination?: Destination }[];
}

function withDestinations<R extends Routed>(routed: R, names: Names): R {
  if (routed.route === undefined) return routed;
  const route = routed.route.map((item) => (item.destination ? { ...item, destination: fullDestination(item.destination, names) } : item));
  return { ...routed, route };
}

function fullDestination(destination: Destination, { host }: Names): Destination {
  return destination.host === undefined ? destination : { ...destination, host: host(destination.host) };
}

interface HasGateways {
  readonly gateways?: readonly string[];
}

function withGateways<M extends HasGateways>({ gateways }: M, { gateway }: Names): Pick<M, 'gateways'> | object {
  return gateways === undefined ? {} : { gateways: gateways.map(gateway) };
}

function matchesWithGateways<M extends HasGateways>({ match }: { readonly match?: readonly M[] }, names: Names): object {
  return match === undefined ? {} : { match: match.map((item) => ({ ...item, ...withGateways(item, names) })) };
}
