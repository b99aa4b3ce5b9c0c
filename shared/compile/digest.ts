/** Content hashes of what builders read: equal hashes, equal chunks, so that a compile builds only what changed since the last one. */

import { type ContentHash, contentHash } from '../lib/hash.ts';
import type { Endpoint, Mesh, ProxyView, Scope } from '../model/index.ts';
import { canonicalJson } from '../snapshot/canonical-json.ts';
import type { ScopeRead } from '../xds/builders.ts';

/** Hashes of scopes of one mesh; each object is hashed once. */
export interface Digests {
  scope(scope: Scope, read: ScopeRead): ContentHash;
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
  const common = contentHash([mesh.config, mesh.features, mesh.destinationRules, mesh.networkGateways].map(plainJson).join('\n'));
  const scopes = new Map<string, ContentHash>();
  return {
    scope(scope, read) {
      const name = `${read} ${scope.namespace}`;
      const known = scopes.get(name) ?? contentHash([common, ...scopeParts(scope, read, hashOf)].join('\n'));
      scopes.set(name, known);
      return known;
    },
    key: (key) => contentHash(plainJson({ ...key, ...(key.serviceTargets && { serviceTargets: key.serviceTargets.map(hashOf) }) })),
  };
}

function scopeParts(scope: Scope, read: ScopeRead, hashOf: (value: object) => ContentHash): readonly string[] {
  const aliases = scope.services.flatMap((service) => scope.aliasesOf(service));
  const rules = [scope.namespace, ...scope.services.map(hashOf), ...scope.virtualServices.map(hashOf), ...aliases];
  if (read === 'rules') return rules;
  const endpoints = scope.services.map((service) => {
    const found = scope.endpointsOf(service);
    return read === 'endpoints' || service.resolution !== 'endpoints' ? hashOf(found) : identities(found);
  });
  return [...rules, ...endpoints];
}

/** Which accounts the endpoints run as, and whether all of them speak mutual TLS. */
function identities(endpoints: readonly Endpoint[]): string {
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
