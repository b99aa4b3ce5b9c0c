/** Rules of a VirtualService. */

import { claimPath } from '../../lib/claim-header.ts';
import { wildcardDomainProblem } from '../../lib/dns-name.ts';
import { each, error, errorIf, errorsOf, type Findings, hasErrors, memberPath, warning } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { isIpAddress } from '../../lib/ip-address.ts';
import type { ConfigKind, ObjectMeta } from '../kind.ts';
import { checkHttpRoute } from './check-http-route.ts';
import { checkExportTo } from './export-to.ts';
import { type TcpRoute, type TlsRoute, type VirtualService, virtualService } from './virtual-service.ts';
import { checkRouteDestinations, type DestinationRules } from './virtual-service-destination.ts';
import { checkGatewayNames } from './virtual-service-gateways.ts';
import { checkOverlaps, covering, gatewayHostProblem, indexHosts } from './virtual-service-hosts.ts';
import { checkL4Match, checkTlsMatch, type HttpMatch, httpMatch, l4Match, tlsMatch } from './virtual-service-match.ts';
import { checkPrefixes } from './virtual-service-prefix.ts';
import { checkReachable, type FreshMatch } from './virtual-service-unreachable.ts';

export const virtualServiceKind: ConfigKind<VirtualService> = {
  group: 'networking.istio.io',
  kind: 'VirtualService',
  schema: virtualService,
  checkSpec: checkVirtualService,
};

function* checkVirtualService(given: VirtualService, meta: ObjectMeta): Findings {
  const { hosts = [], http = [], tls = [], tcp = [] } = given;
  const isOfGatewayApi = meta.annotations['internal.istio.io/route-semantics'] === 'gateway';
  const rules: DestinationRules = isOfGatewayApi ? 'without hosts' : 'all';
  const isDelegate = hosts.length === 0;
  if (isDelegate) yield* checkDelegate(given);
  yield* checkGatewayNames(given.gateways, isOfGatewayApi ? 'Gateway API' : 'Istio');
  if (!isForGateway(given)) yield* checkClaims(given);
  yield* checkHosts(given);
  if (http.length + tls.length + tcp.length === 0) {
    yield error('routes-missing', '', 'http, tcp or tls must be provided in virtual service');
  }
  yield* each('http', http, (route) => checkHttpRoute(route, isDelegate ? 'delegate' : 'root', rules));
  const checkSni = sniRule(given);
  yield* each('tls', tls, (route) => checkTlsRoute(route, rules, checkSni));
  yield* each('tcp', tcp, (route) => errorsOf(checkTcpRoute(route, rules)));
  yield* checkExportTo(given.exportTo ?? [], meta.namespace, 'everywhere');
  yield* checkUse(given);
}

/** Without hosts it holds routes that others refer to. */
function* checkDelegate({ gateways = [], tls = [], tcp = [] }: VirtualService): Findings {
  if (gateways.length > 0) yield error('delegate-gateways', 'gateways', 'delegate virtual service must have no gateways specified');
  if (tls.length > 0) yield error('delegate-tls', 'tls', 'delegate virtual service must have no tls route specified');
  if (tcp.length > 0) yield error('delegate-tcp', 'tcp', 'delegate virtual service must have no tcp route specified');
}

/** Whether no sidecar has the routes. */
function isForGateway({ gateways = [] }: VirtualService): boolean {
  return gateways.length > 0 && !gateways.includes('mesh');
}

/** Only gateways look into tokens before they route. */
function* checkClaims({ http, gateways = [] }: VirtualService): Findings {
  yield* each('http', http, (route) => each('match', route.match, (match) => checkClaimsOf(match, gateways)));
}

function* checkClaimsOf({ headers = {}, withoutHeaders = {} }: HttpMatch, gateways: readonly string[]): Findings {
  for (const [field, given] of Object.entries({ headers, withoutHeaders })) {
    for (const key of Object.keys(given)) {
      if (claimPath(key) === undefined) continue;
      const found = `found no gateways: [${gateways.join(' ')}]`;
      const message = `JWT claim based routing (key: ${key}) is only supported for gateway, ${found}`;
      yield error('claim-without-gateway', memberPath(field, key), message);
    }
  }
}

function* checkHosts(given: VirtualService): Findings {
  const { hosts = [], tls = [] } = given;
  const isMesh = !isForGateway(given);
  const hasSni = tls.some(({ match = [] }) => match.some(({ sniHosts = [] }) => sniHosts.length > 0));
  const found = [...hosts.entries()].flatMap(([index, host]) => {
    const problem = isMesh ? wildcardDomainProblem(host) : gatewayHostProblem(host, hasSni);
    const path = `hosts[${index}]`;
    if (problem !== undefined && !isIpAddress(host)) return [error('host', path, problem)];
    if (host !== '*' || !isMesh) return [];
    return [error('host-wildcard', path, 'wildcard host * is not allowed for virtual services bound to the mesh gateway')];
  });
  yield* found;
  if (!hasErrors(found)) yield* checkOverlaps(hosts);
}

type SniRule = (path: string, host: string) => Findings;

/** The rule of the names that clients ask for: each must be one of the hosts, or covered by one. */
function sniRule({ hosts = [], gateways = [] }: VirtualService): SniRule {
  const index = indexHosts(hosts);
  // Istio compatibility: unlike elsewhere, no gateway at all is none of the mesh.
  const isGateway = !gateways.includes('mesh');
  const hostsText = hosts.join(', ');
  return function* (path, host) {
    const problem = isGateway ? gatewayHostProblem(host, true) : wildcardDomainProblem(host);
    if (problem !== undefined && isIpAddress(host)) {
      const message = `using an IP address (${quoted(host)}) goes against SNI spec and most clients do not support this`;
      yield warning('sni-address', path, message);
      return;
    }
    yield* errorIf('sni', path, problem);
    if (problem !== undefined) return;
    for (const _ of covering(host, index)) return;
    const message = `SNI host ${quoted(host)} is not a compatible subset of any of the virtual service hosts: [${hostsText}]`;
    yield error('sni-host', path, message);
  };
}

function* checkTlsRoute({ match = [], route = [] }: TlsRoute, rules: DestinationRules, checkSni: SniRule): Findings {
  if (match.length === 0) yield error('match-missing', 'match', 'TLS route must have at least one match condition');
  yield* each('match', match, (one) => checkTlsMatch(one, checkSni));
  if (route.length === 0) yield error('route-missing', 'route', 'TLS route is required');
  yield* checkRouteDestinations(route, rules);
}

function* checkTcpRoute({ match, route = [] }: TcpRoute, rules: DestinationRules): Findings {
  yield* each('match', match, checkL4Match);
  if (route.length === 0) yield error('route-missing', 'route', 'TCP route is required');
  yield* checkRouteDestinations(route, rules);
}

/** Warnings of routes that no request reaches. */
function* checkUse({ http = [], tls = [], tcp = [] }: VirtualService): Findings {
  const fresh: FreshMatch<HttpMatch>[] = [];
  yield* checkReachable({ field: 'http', routes: http, match: httpMatch, nameOf: ({ name }) => name }, fresh);
  yield* checkPrefixes(fresh);
  yield* checkReachable({ field: 'tcp', routes: tcp, match: l4Match, nameOf: () => undefined }, []);
  yield* checkReachable({ field: 'tls', routes: tls, match: tlsMatch, nameOf: () => undefined }, []);
}
