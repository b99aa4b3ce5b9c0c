/** Content hashes of what builders read: equal hashes, equal chunks, so that a compile builds only what changed since the last one. */

import { collectorOf } from '../config/mesh/extension-provider.ts';
import { type ContentHash, contentHash } from '../lib/hash.ts';
import type { EgressListener, Endpoint, Labels, Mesh, ProxyView, Scope, Service } from '../model/index.ts';
import { canonicalJson } from '../snapshot/canonical-json.ts';
import type { ScopePart } from '../xds/builders.ts';

/** Hashes of scopes of one mesh; each object is hashed once. */
export interface Digests {
  scope(scope: Scope, reads: readonly ScopePart[]): ContentHash;
  /** Of one of its services, with the rule for callers with these labels, and its endpoints as far as they are read. */
  service(scope: Scope, service: Service, reading: { readonly labels: Labels; readonly reads: readonly ScopePart[] }): string;
  /** Of properties of a proxy. */
  key(view: ProxyView, fields: readonly (keyof ProxyView)[]): ContentHash;
}

export function digestsOf(mesh: Mesh): Digests {
  const settings = contentHash(
    [mesh.config, mesh.features, mesh.networkGateways, mesh.clusterLocalHosts, mutualTlsModes(mesh)].map(canonicalJson).join('\n'),
  );
  const common = contentHash([settings, canonicalJson(mesh.destinationRules)].join('\n'));
  const scopes = new Map<Scope, Map<string, ContentHash>>();
  const ofEndpoints = endpointDigests();
  return {
    scope(scope, reads) {
      const name = reads.join(' ');
      const ofScope = scopes.get(scope) ?? new Map<string, ContentHash>();
      scopes.set(scope, ofScope);
      const known = ofScope.get(name) ?? contentHash([common, ...scopeParts(scope, reads, ofEndpoints)].join('\n'));
      ofScope.set(name, known);
      return known;
    },
    service(scope, service, { labels, reads }) {
      const rule = scope.destinationRuleFor(service, labels);
      const read = [
        ...(reads.includes('identities') ? [ofEndpoints.identities(scope, service)] : []),
        ...(reads.includes('endpoints') ? [ofEndpoints.endpoints(scope, service)] : []),
      ];
      return [settings, hashOf(service), rule === undefined ? '' : hashOf(rule), ...read].join(' ');
    },
    key: (view, fields) => contentHash(fields.map((field) => `${field} ${fieldText(view, field)}`).join('\n')),
  };
}

/** Of the endpoints of services; those of a service are the same in all scopes of a mesh. */
interface EndpointDigests {
  identities(scope: Scope, service: Service): string;
  endpoints(scope: Scope, service: Service): string;
}

function endpointDigests(): EndpointDigests {
  const once = (digest: (service: Service, endpoints: readonly Endpoint[]) => string): EndpointDigests['endpoints'] => {
    const known = new Map<Service, string>();
    return (scope, service) => {
      const text = known.get(service) ?? digest(service, scope.endpointsOf(service));
      known.set(service, text);
      return text;
    };
  };
  return { identities: once(identities), endpoints: once((_, endpoints) => hashOfAll(endpoints)) };
}

/** The values may outlive the list of them. */
function hashOfAll(values: readonly object[]): ContentHash {
  return contentHash(values.map(hashOf).join());
}

const fieldTexts = new WeakMap<ProxyView, Map<keyof ProxyView, string>>();

/** Many builders read the same fields of a proxy. */
function fieldText(view: ProxyView, field: keyof ProxyView): string {
  const texts = fieldTexts.get(view) ?? new Map<keyof ProxyView, string>();
  fieldTexts.set(view, texts);
  const text = texts.get(field) ?? textOf(view, field);
  texts.set(field, text);
  return text;
}

function textOf(view: ProxyView, field: keyof ProxyView): string {
  if (field === 'serviceTargets') return view.serviceTargets.map(targetText).join('\n');
  const value = view[field];
  return value === undefined ? '' : canonicalJson(value);
}

function targetText({ service, ...target }: ProxyView['serviceTargets'][number]): string {
  return `${hashOf(service)} ${canonicalJson(target)}`;
}

const hashes = new WeakMap<object, ContentHash>();

/** Of a value that never changes. */
function hashOf(value: object): ContentHash {
  const known = hashes.get(value) ?? contentHash(canonicalJson(value));
  hashes.set(value, known);
  return known;
}

/** What clusters read of PeerAuthentications. */
function mutualTlsModes({ peerAuthentications: { meshMode, namespaceModes } }: Mesh): object {
  return { namespaceModes, ...(meshMode && { meshMode }) };
}

function scopeParts(scope: Scope, reads: readonly ScopePart[], of: EndpointDigests): readonly string[] {
  const aliases = scope.services.flatMap((service) => scope.aliasesOf(service).map((alias) => `${alias} ${service.host}`));
  const parts: Readonly<Record<ScopePart, () => readonly string[]>> = {
    services: () => [...scope.services.map(hashOf), ...aliases],
    egress: () => scope.egressListeners.flatMap((listener) => egressParts(listener, scope)),
    virtualServices: () => rules(scope, () => true).map(hashOf),
    connectionRoutes: () => rules(scope, ({ spec }) => (spec.tls ?? spec.tcp) !== undefined).map(hashOf),
    gatewayRoutes: () => scope.gatewayVirtualServices.map(hashOf),
    secrets: () => [hashOf(scope.secrets)],
    identities: () => scope.services.map((service) => of.identities(scope, service)),
    passthroughEndpoints: () =>
      scope.services.filter(({ resolution }) => resolution === 'passthrough').map((service) => hashOf(scope.endpointsOf(service))),
    endpoints: () => scope.services.map((service) => of.endpoints(scope, service)),
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
  return `${outboundTrafficPolicy} ${canonicalJson(egressProxy)}`;
}

/** Where a listener listens, and for what; rules are parts of their own. */
function egressParts({ services, virtualServices: _, ...place }: EgressListener, scope: Scope): readonly string[] {
  return [canonicalJson(place), ...(services === scope.services ? ['all'] : services.map(hashOf))];
}

type Rule = Scope['virtualServices'][number];

/** Of each egress listener, a number before those of each. */
function rules({ egressListeners }: Scope, isRead: (rule: Rule) => boolean): readonly object[] {
  return egressListeners.flatMap(({ virtualServices }, index) => [{ index }, ...virtualServices.filter(isRead)]);
}

/** Which accounts the endpoints run as, and whether all of them speak mutual TLS. */
function identities({ resolution }: Service, endpoints: readonly Endpoint[]): string {
  if (resolution !== 'endpoints') return hashOfAll(endpoints);
  const accounts = new Set(endpoints.map(({ namespace, serviceAccount, tlsMode }) => `${namespace}/${serviceAccount}/${tlsMode}`));
  return [...accounts].sort().join();
}
