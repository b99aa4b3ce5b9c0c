/** Content hashes of what builders read: equal hashes, equal chunks, so that a compile builds only what changed since the last one. */

import { collectorOf } from '../config/mesh/extension-provider.ts';
import { type ContentHash, contentHash } from '../lib/hash.ts';
import type { EgressListener, Endpoint, Mesh, ProxyView, Scope, Service } from '../model/index.ts';
import { canonicalJson } from '../snapshot/canonical-json.ts';
import type { ScopePart } from '../xds/builders.ts';

/** Hashes of scopes of one mesh; each object is hashed once. */
export interface Digests {
  scope(scope: Scope, reads: readonly ScopePart[]): ContentHash;
  /** Of properties of a proxy. */
  key(key: Partial<ProxyView>): ContentHash;
}

export function digestsOf(mesh: Mesh): Digests {
  const hashes = new WeakMap<object, ContentHash>();
  const hashOf = (value: object): ContentHash => {
    const known = hashes.get(value) ?? contentHash(plainJson(value));
    hashes.set(value, known);
    return known;
  };
  const common = contentHash(
    [mesh.config, mesh.features, mesh.destinationRules, mesh.networkGateways, mesh.clusterLocalHosts].map(plainJson).join('\n'),
  );
  const scopes = new Map<Scope, Map<string, ContentHash>>();
  return {
    scope(scope, reads) {
      const name = reads.join(' ');
      const ofScope = scopes.get(scope) ?? new Map<string, ContentHash>();
      scopes.set(scope, ofScope);
      const known = ofScope.get(name) ?? contentHash([common, ...scopeParts(scope, reads, hashOf)].join('\n'));
      ofScope.set(name, known);
      return known;
    },
    key: (key) => contentHash(plainJson({ ...key, ...(key.serviceTargets && { serviceTargets: key.serviceTargets.map(hashOf) }) })),
  };
}

function scopeParts(scope: Scope, reads: readonly ScopePart[], hashOf: (value: object) => ContentHash): readonly string[] {
  const aliases = scope.services.flatMap((service) => scope.aliasesOf(service).map((alias) => `${alias} ${service.host}`));
  const parts: Readonly<Record<ScopePart, () => readonly string[]>> = {
    services: () => [...scope.services.map(hashOf), ...aliases],
    egress: () => scope.egressListeners.flatMap((listener) => egressParts(listener, scope, hashOf)),
    virtualServices: () => rules(scope, () => true).map(hashOf),
    connectionRoutes: () => rules(scope, ({ spec }) => (spec.tls ?? spec.tcp) !== undefined).map(hashOf),
    gatewayRoutes: () => scope.gatewayVirtualServices.map(hashOf),
    identities: () => scope.services.map((service) => identities(service, scope.endpointsOf(service), hashOf)),
    passthroughEndpoints: () =>
      scope.services.filter(({ resolution }) => resolution === 'passthrough').map((service) => hashOf(scope.endpointsOf(service))),
    endpoints: () => scope.services.map((service) => hashOf(scope.endpointsOf(service))),
  };
  const collectors = collectorHosts(scope);
  return [scope.namespace, outbound(scope), ...collectors, ...reads.flatMap((part) => [part, ...parts[part]()])];
}

/** Hosts of the providers that are told of traffic, as far as the mesh has them. */
function collectorHosts({ config, providerHost }: Scope): readonly string[] {
  const { accessLogging = [], tracing = [] } = config.defaultProviders ?? {};
  const providers = (config.extensionProviders ?? []).filter(({ name = '' }) => accessLogging.includes(name) || tracing.includes(name));
  return providers.flatMap((provider) => providerHost(collectorOf(provider)?.service ?? '') ?? []);
}

function outbound({ outboundTrafficPolicy, egressProxy = {} }: Scope): string {
  return `${outboundTrafficPolicy} ${plainJson(egressProxy)}`;
}

/** Where a listener listens, and for what; rules are parts of their own. */
function egressParts(
  { services, virtualServices: _, ...place }: EgressListener,
  scope: Scope,
  hashOf: (value: object) => ContentHash,
): readonly string[] {
  return [plainJson(place), ...(services === scope.services ? ['all'] : services.map(hashOf))];
}

type Rule = Scope['virtualServices'][number];

/** Of each egress listener, a number before those of each. */
function rules({ egressListeners }: Scope, isRead: (rule: Rule) => boolean): readonly object[] {
  return egressListeners.flatMap(({ virtualServices }, index) => [{ index }, ...virtualServices.filter(isRead)]);
}

/** Which accounts the endpoints run as, and whether all of them speak mutual TLS. */
function identities({ resolution }: Service, endpoints: readonly Endpoint[], hashOf: (value: object) => ContentHash): string {
  if (resolution !== 'endpoints') return hashOf(endpoints);
  const accounts = new Set(endpoints.map(({ namespace, serviceAccount, tlsMode }) => `${namespace}/${serviceAccount}/${tlsMode}`));
  return [...accounts].sort().join();
}

/** Sets and maps are written as lists: JSON itself would leave them empty. */
function plainJson(value: object): string {
  return canonicalJson(plain(value));
}

function plain(value: unknown): unknown {
  if (value instanceof Set) return [...value].sort();
  if (value instanceof Map) return [...value].map(([key, item]) => [key, plain(item)]);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
