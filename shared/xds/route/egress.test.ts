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

  it('are those of the protocol that the listener speaks, not of the services', () => {
    expect(hostsOf(listener([web], { port: port(80, 'TCP') }))).toEqual({});
  });
});
