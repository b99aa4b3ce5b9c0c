/** What Envoy could not do of the TLS and TCP routes of a VirtualService. */

import type { VirtualService } from '../../config/networking/virtual-service.ts';
import type { RouteDestination } from '../../config/networking/virtual-service-destination.ts';
import { maskedCidr } from '../../lib/cidr.ts';
import type { Finding } from './untranslatable-finding.ts';

type ConnectionRoute = NonNullable<VirtualService['tls']>[number] | NonNullable<VirtualService['tcp']>[number];
type ConnectionMatch = NonNullable<ConnectionRoute['match']>[number];

/** Fields are below `spec`. */
export function connectionFindings({ tls = [], tcp = [] }: VirtualService): readonly Finding[] {
  return [
    ...tls.flatMap((route, index) => routeFindings(route, `tls[${index}]`)),
    ...tcp.flatMap((route, index) => routeFindings(route, `tcp[${index}]`)),
  ];
}

function routeFindings({ match = [], route = [] }: ConnectionRoute, path: string): readonly Finding[] {
  return [...destinationFindings(route, path), ...match.flatMap((one, index) => matchFindings(one, `${path}.match[${index}]`))];
}

function destinationFindings(route: readonly RouteDestination[], path: string): readonly Finding[] {
  if (route.length === 0) return [{ field: path, message: 'the route leads nowhere: give it route' }];
  const hostless = route.findIndex(({ destination }) => !destination?.host);
  if (hostless !== -1) return [{ field: `${path}.route[${hostless}].destination.host`, message: 'a destination has no host' }];
  const isWeightless = route.length > 1 && route.every(({ weight = 0 }) => weight <= 0);
  return isWeightless ? [{ field: `${path}.route`, message: 'no destination has a weight' }] : [];
}

function matchFindings(match: ConnectionMatch, path: string): readonly Finding[] {
  const { destinationSubnets = [] } = match;
  const sniHosts = 'sniHosts' in match ? (match.sniHosts ?? []) : [];
  return [
    ...destinationSubnets.flatMap((subnet, index) => {
      const isRange = maskedCidr(subnet) !== undefined;
      return isRange
        ? []
        : [{ field: `${path}.destinationSubnets[${index}]`, message: `${JSON.stringify(subnet)} is no range of addresses` }];
    }),
    ...sniHosts.flatMap((host, index) => {
      const message = `Envoy knows wildcards only for whole labels at the start, which ${JSON.stringify(host)} is not`;
      return serverName.test(host) ? [] : [{ field: `${path}.sniHosts[${index}]`, message }];
    }),
  ];
}

/** `*` alone is any name. */
const serverName = /^(\*|(\*\.)?[^*]+)$/;
