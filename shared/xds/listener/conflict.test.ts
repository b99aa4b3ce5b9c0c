import { describe, expect, it } from 'vitest';
import { listenerKey, port, scopeOf, service, target, virtualService } from '../../../test/fixtures/listeners.ts';
import type { PortProtocol, Service } from '../../model/index.ts';
import { listeners } from './listeners.ts';

/** A host of a ServiceEntry without an address: only its port tells it from others. */
function entry(name: string, protocol: PortProtocol, more: Partial<Service> = {}): Service {
  const rest = { registry: 'External', resolution: 'dns', addresses: [], objectName: name, ...more } as const;
  return service(`${name}.shop.example`, [port(80, 'HTTP'), port(7000, protocol)], rest);
}

function problems(...services: readonly Service[]) {
  return listeners(scopeOf(services), listenerKey()).problems;
}

describe('outbound services in each other’s way', () => {
  it.each<[string, PortProtocol, PortProtocol, boolean]>([
    ['TCP and TCP', 'TCP', 'TCP', true],
    ['unknown and unknown', 'Auto', 'Auto', true],
    ['HTTP and TCP', 'HTTP', 'TCP', false],
    ['TCP and HTTP', 'TCP', 'HTTP', false],
    ['HTTP and HTTP', 'HTTP', 'HTTP', false],
    ['unknown and HTTP', 'Auto', 'HTTP', false],
    ['TLS and TLS, by server name', 'TLS', 'TLS', false],
    ['MongoDB and HTTP, whose sniffing would hold back the server', 'Mongo', 'HTTP', true],
  ])('of %s are told: %s', (_, first, second, isTold) => {
    expect(problems(entry('a', first), entry('b', second))).toHaveLength(isTold ? 1 : 0);
  });

  it('are named with the port, the place and the service that wins', () => {
    expect(problems(entry('a', 'TCP'), entry('b', 'TCP'))).toEqual([
      {
        code: 'listener-conflict',
        severity: 'warning',
        object: 'ServiceEntry shop/b',
        path: 'spec.ports[1]',
        message: expect.stringMatching(/^connections to b\.shop\.example on 0\.0\.0\.0_7000 .* those to a\.shop\.example, which is older/),
      },
    ]);
  });

  it('are none at addresses of their own', () => {
    expect(problems(entry('a', 'TCP', { addresses: ['240.0.0.1'] }), entry('b', 'TCP', { addresses: ['240.0.0.2'] }))).toEqual([]);
  });

  it('are told even if a VirtualService leads some addresses elsewhere', () => {
    const rule = virtualService('vs', {
      hosts: ['b.shop.example'],
      tcp: [{ match: [{ destinationSubnets: ['10.0.0.0/8'] }], route: [{ destination: { host: 'b.shop.example' } }] }],
    });
    const scope = scopeOf([entry('a', 'TCP'), entry('b', 'TCP')], { virtualServices: [rule] });

    // The subnets are in, what else goes to the port is still that of the older one.
    expect(listeners(scope, listenerKey()).problems).toHaveLength(1);
  });
});

describe('inbound services in each other’s way', () => {
  const old = target(port(80, 'HTTP'), 8080, 'old.shop.svc.cluster.local');
  const told = (protocol: PortProtocol, targetPort = 8080) =>
    listeners(scopeOf([]), listenerKey({ serviceTargets: [old, target(port(81, protocol), targetPort, 'new.shop.svc.cluster.local')] }))
      .problems;

  it('are told where they name another protocol for one container port', () => {
    expect(told('TCP')).toMatchObject([
      {
        code: 'listener-conflict',
        object: 'Service shop/new',
        path: 'spec.ports[0]',
        message: expect.stringContaining('old.shop.svc.cluster.local'),
      },
    ]);
  });

  it('are none where they agree, or lead to other ports', () => {
    expect(told('GRPC')).toEqual([]);
    expect(told('TCP', 8081)).toEqual([]);
  });
});
