import { describe, expect, it } from 'vitest';
import { jsonOf, port, scopeOf, service } from '../../../test/fixtures/listeners.ts';
import { routeKey } from '../../../test/fixtures/routes.ts';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import type { EgressListener, Service } from '../../model/index.ts';
import { outboundRoutes } from './outbound.ts';

const web = service('web.shop.svc.cluster.local', [port(80, 'HTTP')]);
const far = service('far.other.svc.cluster.local', [port(80, 'HTTP'), port(90, 'HTTP')], { addresses: ['10.0.0.2'] });

function listener(services: readonly Service[], more: Partial<EgressListener> = {}): EgressListener {
  return { bind: '', bindsPort: false, services, virtualServices: [], ...more };
}

/** Names of the virtual hosts of each configuration. */
function hostsOf(...egressListeners: readonly EgressListener[]): Readonly<Record<string, readonly string[]>> {
  const scope = scopeOf([web, far], { egressListeners, outboundTrafficPolicy: 'REGISTRY_ONLY' });
  const all = outboundRoutes(scope, routeKey()).value.map((configuration) => jsonOf(RouteConfigurationSchema, configuration));
  return Object.fromEntries(all.map(({ name, virtualHosts }) => [name, virtualHosts.map((host: { name: string }) => host.name)]));
}

describe('routes of egress listeners', () => {
  it('of a port are those of the first listener for it, of other ports those of the one for all', () => {
    const locked = listener([{ ...far, ports: [port(80, 'HTTP')] }], { port: port(80, 'HTTP') });

    expect(hostsOf(locked, listener([web, far]))).toEqual({
      '80': ['far.other.svc.cluster.local:80', 'block_all'],
      '90': ['far.other.svc.cluster.local:90', 'block_all'],
    });
  });

  it('of a socket file hold all ports, under its path', () => {
    const uds = listener([web], { port: port(0, 'HTTP'), bind: 'unix:///run/out.sock', bindsPort: true });

    expect(hostsOf(uds)).toEqual({ 'unix:///run/out.sock': ['web.shop.svc.cluster.local:80', 'block_all'] });
  });

  it('of the mesh’s HTTP proxy hold all ports, also for a proxy that has its own port for it', () => {
    const scope = scopeOf([web], { egressListeners: [listener([web])] });
    const names = outboundRoutes(scope, routeKey({ httpProxyPort: 15002 })).value.map(({ name }) => name);

    expect(names).toEqual(['80', 'http_proxy']);
  });

  const auto = { port: port(90, 'Auto') };
  const entry = { ...service('auto.example.com', [port(90, 'Auto')], { registry: 'External' }) };

  it.each<[string, EgressListener, readonly string[]]>([
    ['the service’s where it has an address', listener([{ ...entry, addresses: ['240.0.0.1'] }]), ['auto.example.com:90']],
    ['the port’s where it has none', listener([{ ...entry, addresses: [] }]), ['90']],
    ['the port’s where the address is a range', listener([{ ...entry, addresses: ['240.0.0.0/24'] }]), ['90']],
    ['the port’s where it shall listen everywhere', listener([entry], { ...auto, bind: '0.0.0.0' }), ['90']],
    ['the service’s where it shall listen elsewhere', listener([entry], { ...auto, bind: '127.0.0.7' }), ['auto.example.com:90']],
  ])('whose protocol is found out are %s', (_, egress, names) => {
    expect(Object.keys(hostsOf(egress))).toEqual(names);
  });

  it('are those that listeners ask for: none for ports of the proxy itself, one for services that share a socket', () => {
    const own = service('own.shop.svc.cluster.local', [port(15021, 'HTTP')]);
    const twin = { ...entry, host: 'twin.example.com' };
    const names = (services: readonly Service[], more = {}) =>
      outboundRoutes(scopeOf(services), routeKey(more)).value.map(({ name }) => name);

    expect(names([own], { ownPorts: [15021] })).toEqual([]);
    expect(names([entry, twin], { interception: 'NONE' })).toEqual(['auto.example.com:90']);
  });

  it('are those of the protocol that the listener speaks, not of the services', () => {
    expect(hostsOf(listener([web], { port: port(80, 'TCP') }))).toEqual({});
  });
});
