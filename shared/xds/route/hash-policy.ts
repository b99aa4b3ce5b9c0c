/** What a request is hashed by, so that the same value reaches the same host. The ring itself is the cluster's business. */

import type { DestinationRule, TrafficPolicy } from '../../config/networking/destination-rule.ts';
import type { ConsistentHash } from '../../config/networking/destination-rule-hash.ts';
import type { Destination } from '../../config/networking/virtual-service-destination.ts';
import type { RouteAction_HashPolicySchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { durationOf } from '../duration.ts';
import type { Init } from '../init.ts';

type HashPolicy = Init<typeof RouteAction_HashPolicySchema>;

/**
 * For a service's default route: that of the port, else that of the host. Istio compatibility: settings of the port that do not hash leave the host's
 * hash in force here, though they replace everything else.
 */
export function servicePortHash(rule: DestinationRule, port: number): HashPolicy | undefined {
  const ofPort = portSettings(rule.trafficPolicy, port)?.loadBalancer?.consistentHash;
  return hashPolicy(ofPort ?? rule.trafficPolicy?.loadBalancer?.consistentHash);
}

/**
 * For a route's destination: the most special setting that hashes at all. Istio compatibility: settings of a port count only if the destination
 * names the port.
 */
export function destinationHash(rule: DestinationRule, { subset = '', port }: Destination): HashPolicy | undefined {
  const subsetPolicy = rule.subsets?.find(({ name = '' }) => name === subset)?.trafficPolicy;
  const settings = [
    portSettings(subsetPolicy, port?.number),
    subsetPolicy,
    portSettings(rule.trafficPolicy, port?.number),
    rule.trafficPolicy,
  ];
  return hashPolicy(settings.map((policy) => policy?.loadBalancer?.consistentHash).find((hash) => hash !== undefined));
}

function portSettings(policy: TrafficPolicy | undefined, port: number | undefined) {
  return policy?.portLevelSettings?.find((settings) => port !== undefined && settings.port?.number === port);
}

function hashPolicy(hash: ConsistentHash | undefined): HashPolicy | undefined {
  const policySpecifier = hash && hashKey(hash);
  return policySpecifier && { policySpecifier };
}

/** Nothing for settings that name a ring only. */
function hashKey({ httpHeaderName, httpCookie, useSourceIp, httpQueryParameterName }: ConsistentHash): HashPolicy['policySpecifier'] {
  if (httpHeaderName !== undefined) return { case: 'header', value: { headerName: httpHeaderName } };
  if (httpCookie !== undefined) return { case: 'cookie', value: cookie(httpCookie) };
  if (httpQueryParameterName !== undefined) return { case: 'queryParameter', value: { name: httpQueryParameterName } };
  return useSourceIp ? { case: 'connectionProperties', value: { sourceIp: true } } : undefined;
}

/** A ttl of 0 is kept: it makes a cookie for the session, where none would make no cookie at all. */
function cookie({ name = '', path = '', ttl, attributes = [] }: NonNullable<ConsistentHash['httpCookie']>) {
  return {
    name,
    path,
    ...(ttl !== undefined && { ttl: durationOf(ttl) }),
    attributes: attributes.map((attribute) => ({ name: attribute.name ?? '', value: attribute.value ?? '' })),
  };
}
