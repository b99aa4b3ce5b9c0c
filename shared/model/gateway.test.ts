import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { service, port as servicePort } from '../../test/fixtures/listeners.ts';
import { type GatewayResource, type GatewayServer, mergeGateways, passesMeshTraffic } from './gateway.ts';
import type { PortProtocol } from './service.ts';

function server(number: number, protocol: PortProtocol, more: Partial<GatewayServer> = {}): Omit<GatewayServer, 'index'> {
  const hosts = [{ namespace: '*', host: 'a.example.com' }];
  return { name: '', port: { number, name: `${protocol}-${number}`, protocol }, bind: '', hosts, ...more };
}

function gateway(name: string, ...servers: readonly Omit<GatewayServer, 'index'>[]): GatewayResource {
  return { name, namespace: 'shop', selector: {}, servers: servers.map((one, index) => ({ ...one, index })) };
}

const simple = { tls: { mode: 'SIMPLE', credentialName: 'cert' } } as const;
const through = { tls: { mode: 'PASSTHROUGH' } } as const;
const hosts = (...names: readonly string[]) => ({ hosts: names.map((host) => ({ namespace: '*', host })) });

function merged(gateways: readonly GatewayResource[], more: Partial<Parameters<typeof mergeGateways>[1]> = {}) {
  const { sockets, problems } = mergeGateways(gateways, { serviceTargets: [], isUnprivileged: false, ...more });
  return {
    sockets: sockets.map(({ port, bind, kind, servers }) => ({
      at: `${bind}:${port}`,
      kind,
      servers: servers.map((one) => `${one.gateway}[${one.index}]`),
    })),
    problems: problems.map(({ object, path }) => `${object} ${path}`),
  };
}

describe('servers of one port', () => {
  it('share it where all are plain HTTP, whatever its version', () => {
    expect(merged([gateway('a', server(80, 'HTTP')), gateway('b', server(80, 'GRPC'), server(80, 'HTTP2'))])).toEqual({
      sockets: [{ at: ':80', kind: 'http', servers: ['shop/a[0]', 'shop/b[0]', 'shop/b[1]'] }],
      problems: [],
    });
  });

  it('share it where all are TLS, those of one protocol together', () => {
    const servers = [
      server(443, 'HTTPS', simple),
      server(443, 'TLS', { ...through, ...hosts('b.example.com') }),
      server(443, 'HTTPS', { ...simple, ...hosts('c.example.com'), port: { number: 443, name: 'other', protocol: 'HTTPS' } }),
    ];
    expect(merged([gateway('a', ...servers)])).toEqual({
      sockets: [{ at: ':443', kind: 'tls', servers: ['shop/a[0]', 'shop/a[2]', 'shop/a[1]'] }],
      problems: [],
    });
  });

  it.each<[PortProtocol, object, PortProtocol, object]>([
    ['HTTP', {}, 'TCP', {}],
    ['TCP', {}, 'HTTP', {}],
    ['TCP', {}, 'TCP', {}],
    ['HTTP', {}, 'HTTPS', simple],
    ['HTTPS', simple, 'HTTP', {}],
  ])('cannot be %s %j and %s %j: the first stays, the other is a problem', (first, firstMore, second, secondMore) => {
    const { sockets, problems } = merged([gateway('a', server(80, first, firstMore)), gateway('b', server(80, second, secondMore))]);
    expect(sockets.map(({ servers }) => servers)).toEqual([['shop/a[0]']]);
    expect(problems).toEqual(['Gateway shop/b spec.servers[0].port']);
  });

  it('have nothing to do with each other on different addresses', () => {
    const { sockets, problems } = merged([gateway('a', server(80, 'HTTP'), server(80, 'TCP', { bind: '10.0.0.1' }))]);
    expect(sockets.map(({ at }) => at)).toEqual([':80', '10.0.0.1:80']);
    expect(problems).toEqual([]);
  });

  it('cannot have one host under TLS: the whole later server is left out', () => {
    const later = server(443, 'TLS', { ...through, ...hosts('b.example.com', 'a.example.com') });
    expect(merged([gateway('a', server(443, 'HTTPS', simple)), gateway('b', later)])).toEqual({
      sockets: [{ at: ':443', kind: 'tls', servers: ['shop/a[0]'] }],
      problems: ['Gateway shop/b spec.servers[0].hosts[1]'],
    });
  });
});

describe('the port of the proxy', () => {
  const targets = [{ service: service('edge.shop.svc.cluster.local', []), port: servicePort(80, 'HTTP'), targetPort: 8080 }];

  it('is the target port of the service that has the server’s', () => {
    expect(merged([gateway('a', server(80, 'HTTP'), server(90, 'HTTP'))], { serviceTargets: targets }).sockets).toMatchObject([
      { at: ':8080' },
      { at: ':90' },
    ]);
  });

  it('is not below 1024 where the pod may not bind it', () => {
    const { sockets, problems } = merged([gateway('a', server(80, 'HTTP'), server(81, 'HTTP'))], {
      serviceTargets: targets,
      isUnprivileged: true,
    });
    expect(sockets.map(({ at }) => at)).toEqual([':8080']);
    expect(problems).toEqual(['Gateway shop/a spec.servers[1].port.number']);
  });
});

it.each<[GatewayServer['tls'], boolean]>([
  [{ mode: 'AUTO_PASSTHROUGH' }, true],
  [{ mode: 'PASSTHROUGH' }, false],
  [undefined, false],
])('servers with TLS %j pass the traffic of the mesh on: %s', (tls, expected) => {
  const one = gateway('a', server(15443, 'TLS', tls === undefined ? {} : { tls }));
  expect(passesMeshTraffic(mergeGateways([one], { serviceTargets: [], isUnprivileged: false }))).toBe(expected);
});

describe('whatever Gateways there are', () => {
  const arbitraryServer = fc
    .record({
      number: fc.constantFrom(80, 443),
      protocol: fc.constantFrom<PortProtocol>('HTTP', 'GRPC', 'TCP', 'HTTPS', 'TLS'),
      bind: fc.constantFrom('', '10.0.0.1'),
      names: fc.uniqueArray(fc.constantFrom('a.example.com', 'b.example.com', '*.example.com'), { minLength: 1 }),
      isTls: fc.boolean(),
    })
    .map(({ number, protocol, bind, names, isTls }) => server(number, protocol, { bind, ...hosts(...names), ...(isTls && simple) }));
  const gateways = fc
    .array(fc.array(arbitraryServer, { maxLength: 4 }), { maxLength: 4 })
    .map((all) => all.map((servers, index) => gateway(`gw-${index}`, ...servers)));

  it('each server is in one socket or is one problem, and no two sockets or server names are the same', () => {
    fc.assert(
      fc.property(gateways, (all) => {
        const { sockets, problems } = mergeGateways(all, { serviceTargets: [], isUnprivileged: false });
        const placed = sockets.flatMap(({ servers }) => servers);
        const names = sockets.flatMap(({ port, bind, servers }) =>
          servers.filter(({ tls }) => tls).flatMap((one) => one.hosts.map(({ host }) => `${bind}:${port} ${host}`)),
        );

        expect(placed.length + problems.length).toBe(all.flatMap(({ servers }) => servers).length);
        expect(new Set(sockets.map(({ port, bind }) => `${bind}:${port}`)).size).toBe(sockets.length);
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
});
