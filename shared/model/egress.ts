/** What the egress listeners of a Sidecar resource import. */

import type { VirtualService } from '../config/networking/virtual-service.ts';
import type { ConfigObject } from './config-object.ts';
import { hostImports } from './host-imports.ts';
import { oneForEachHost } from './one-for-each-host.ts';
import { routedHosts, type WantedPorts } from './routed-host.ts';
import type { EgressListener, Scope } from './scope.ts';
import { byAge, type Service, type ServicePort } from './service.ts';
import type { EgressRule, SidecarResource } from './sidecar.ts';

/** What the namespace may see at all. */
export interface Visible {
  readonly namespace: string;
  /** Aliases are among them; hosts may be there several times. */
  readonly services: readonly Service[];
  readonly virtualServices: readonly ConfigObject<VirtualService>[];
}

/** What is left of it. */
export interface Imported {
  readonly egressListeners: readonly EgressListener[];
  /** Of all listeners, and what VirtualServices route to: everything that needs a cluster. */
  readonly services: readonly Service[];
  /** Services and aliases by which callers may name them. */
  readonly named: readonly Service[];
}

/** Everything, on each service's own ports: what a proxy imports without a Sidecar resource. */
export function importedByAll({ services: visible, virtualServices, namespace }: Visible): Imported {
  const named = oneForEachHost(visible, namespace);
  const services = named.filter(isNoAlias);
  return { egressListeners: [{ bind: '', bindsPort: false, services, virtualServices }], services, named };
}

export function importedBy({ egress }: SidecarResource, visible: Visible): Imported {
  const imports = egress.map((rule) => importOf(rule, visible));
  const services = imports.flatMap(({ listener, rule }) => [...listener.services, ...routedServices(listener, rule, visible)]);
  const joined = joinPorts(services);
  return {
    egressListeners: imports.map(({ listener }) => listener),
    services: joined,
    named: [...joined, ...new Set(imports.flatMap(({ aliases }) => aliases))].sort(byAge),
  };
}

function isNoAlias({ resolution }: Service): boolean {
  return resolution !== 'alias';
}

function importOf(rule: EgressRule, { namespace, services, virtualServices }: Visible) {
  const { port, bind, bindsPort, hosts } = rule;
  const imports = hostImports(hosts, namespace);
  const named = services.filter((service) => imports.hasService(service));
  const winners = oneForEachHost(
    named.filter(isNoAlias).flatMap((service) => atPort(service, rule) ?? []),
    namespace,
  );
  const rules = virtualServices.filter(({ namespace: own, spec }) =>
    (spec.hosts ?? []).some((host) => imports.hasRule({ namespace: own, host })),
  );
  const listener: EgressListener = { ...(port && { port }), bind, bindsPort, services: winners, virtualServices: rules };
  return { rule, listener, aliases: named.filter((service) => !isNoAlias(service)) };
}

/** With the listener's port alone; nothing without that port. Sockets and HTTP proxies are for all ports. */
function atPort(service: Service, { port }: EgressRule): Service | undefined {
  if (port === undefined || port.number === 0 || port.protocol === 'HTTP_PROXY') return service;
  return withPorts(service, ({ number }) => number === port.number);
}

function withPorts(service: Service, isWanted: (port: ServicePort) => boolean): Service | undefined {
  const ports = service.ports.filter(isWanted);
  if (ports.length === service.ports.length) return service;
  return ports.length === 0 ? undefined : { ...service, ports };
}

/** Services that the listener's VirtualServices send requests to, imported or not: their clusters must be there. */
function routedServices({ virtualServices }: EgressListener, rule: EgressRule, { namespace, services }: Visible): readonly Service[] {
  const wanted = virtualServices.flatMap(({ spec }) => [...routedHosts(spec, namespace)]);
  if (wanted.length === 0) return [];
  const hosts = new Set(wanted.map(([host]) => host));
  const candidates = Map.groupBy(
    oneForEachHost(
      services.filter(({ host }) => hosts.has(host)),
      namespace,
    ).filter(isNoAlias),
    ({ host }) => host,
  );
  return wanted.flatMap(([host, ports]) =>
    (candidates.get(host) ?? []).flatMap((service) => (hasOwnPort(rule) ? atPort(service, rule) : atWantedPorts(service, ports)) ?? []),
  );
}

function hasOwnPort({ port }: EgressRule): boolean {
  return port !== undefined && port.number !== 0 && port.protocol !== 'HTTP_PROXY';
}

function atWantedPorts(service: Service, wanted: WantedPorts): Service | undefined {
  return wanted === 'all' ? service : withPorts(service, ({ number }) => wanted.has(number));
}

/** One for each host and address. A host belongs to the namespace that was first; ports of several listeners join. */
function joinPorts(services: readonly Service[]): readonly Service[] {
  const namespaces = new Map<string, string>();
  const joined = new Map<string, Service>();
  for (const service of services) {
    const { host, namespace, addresses } = service;
    if ((namespaces.get(host) ?? namespace) !== namespace) continue;
    namespaces.set(host, namespace);
    const key = `${host} ${addresses.join()}`;
    const known = joined.get(key);
    joined.set(key, known === undefined || known === service ? service : { ...known, ports: joinedPorts(known.ports, service.ports) });
  }
  return [...joined.values()].sort(byAge);
}

function joinedPorts(known: readonly ServicePort[], added: readonly ServicePort[]): readonly ServicePort[] {
  const numbers = new Set(known.map(({ number }) => number));
  return [...known, ...added.filter(({ number }) => !numbers.has(number))];
}

/** The scope as one of its egress listeners sees it; names and rules are those of the whole. */
export function listenerScope(scope: Scope, { services, virtualServices }: EgressListener): Scope {
  return { ...scope, services, virtualServices };
}
