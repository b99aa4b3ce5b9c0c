import { describe, expect, it } from 'vitest';
import { type Json, jsonOf, listenerKey, port, scopeOf, target } from '../../../test/fixtures/listeners.ts';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { ListenerKey, MutualTlsMode, PortProtocol } from '../../model/index.ts';
import { virtualInbound } from './virtual-inbound.ts';

function built(key: Partial<ListenerKey> = {}, scope = scopeOf([])): Json {
  return jsonOf(ListenerSchema, virtualInbound(scope, listenerKey(key)));
}

/** `80 tls[a,b] http mtls`: port, match, kind of the chain, whether it ends TLS. */
function chainTexts(listener: Json, destinationPort?: number): string[] {
  return listener.filterChains
    .filter(({ filterChainMatch: { destinationPort: number } }: Json) => number === destinationPort)
    .map(({ filterChainMatch: match, filters, transportSocket }: Json) => {
      const kind = filters.at(-1).name.endsWith('http_connection_manager') ? 'http' : 'tcp';
      const alpn = match.applicationProtocols ? `[${match.applicationProtocols}]` : '';
      return `${match.transportProtocol}${alpn} ${kind}${transportSocket ? ' mtls' : ''}`;
    });
}

const http = 'istio-http/1.0,istio-http/1.1,istio-h2';
const any = `istio,istio-peer-exchange,${http}`;

describe('inbound filter chains', () => {
  it.each<[PortProtocol, MutualTlsMode, string[]]>([
    ['HTTP', 'PERMISSIVE', [`tls[${any}] http mtls`, 'raw_buffer http']],
    ['HTTP', 'STRICT', ['tls http mtls']],
    ['HTTP', 'DISABLE', ['raw_buffer http']],
    ['TCP', 'PERMISSIVE', [`tls[${any}] tcp mtls`, 'tls tcp', 'raw_buffer tcp']],
    ['TCP', 'STRICT', ['tls tcp mtls']],
    ['TCP', 'DISABLE', ['raw_buffer tcp']],
    [
      'Auto',
      'PERMISSIVE',
      [`tls[${http}] http mtls`, 'raw_buffer[http/1.1,h2c] http', 'tls[istio-peer-exchange,istio] tcp mtls', 'raw_buffer tcp', 'tls tcp'],
    ],
    ['Auto', 'STRICT', [`tls[${http}] http mtls`, 'tls tcp mtls']],
    ['Auto', 'DISABLE', ['raw_buffer[http/1.1,h2c] http', 'raw_buffer tcp']],
  ])('of a port with %s under %s', (protocol, mode, expected) => {
    const listener = built({
      serviceTargets: [target(port(80, protocol), 8080)],
      mutualTls: { mode: 'PERMISSIVE', ports: new Map([[8080, mode]]) },
    });
    expect(chainTexts(listener, 8080)).toEqual(expected);
  });

  it.each<[PortProtocol, string]>([
    ['GRPC', 'http'],
    ['HTTPS', 'tcp'],
    ['MySQL', 'tcp'],
    ['UDP', 'tcp'],
  ])('take %s for %s', (protocol, kind) => {
    const texts = chainTexts(built({ serviceTargets: [target(port(80, protocol), 8080)] }), 8080);
    expect(texts.every((text) => text.includes(` ${kind}`))).toBe(true);
  });

  it('of ports that only a policy names lead to the application without a service', () => {
    const listener = built({ mutualTls: { mode: 'PERMISSIVE', ports: new Map([[9999, 'STRICT']]) } });

    expect(chainTexts(listener, 9999)).toEqual([`tls[${http}] http mtls`, 'tls tcp mtls']);
    expect(listener.filterChains.at(-1).filters.at(-1).typedConfig.cluster).toBe('InboundPassthroughCluster');
  });

  it('of a port that two services share are those of the older one', () => {
    const serviceTargets = [target(port(80, 'HTTP'), 8080, 'old.shop.svc'), target(port(81, 'TCP'), 8080, 'new.shop.svc')];
    const listener = built({ serviceTargets });

    expect(chainTexts(listener, 8080)).toHaveLength(2);
    expect(listener.filterChains.at(-1).filters.at(-1).typedConfig.routeConfig.virtualHosts[0].routes[0].decorator.operation).toBe(
      'old.shop.svc:80/*',
    );
  });

  it('stand by port: refusal, everything else, policies’ ports, services’ ports', () => {
    const serviceTargets = [target(port(80, 'HTTP'), 9090), target(port(81, 'HTTP'), 8080)];
    const { filterChains } = built({ serviceTargets, mutualTls: { mode: 'STRICT', ports: new Map([[9999, 'STRICT']]) } });

    const ports = filterChains.map(({ filterChainMatch }: Json) => filterChainMatch.destinationPort);
    expect([...new Set(ports)]).toEqual([15006, undefined, 9999, 8080, 9090]);
  });

  it('are named after the address and port, those of everything else after the listener', () => {
    const { filterChains } = built({ ipFamilies: 'v6', serviceTargets: [target(port(80, 'HTTP'), 8080)] });
    const names = filterChains.map(({ name }: Json) => name);
    expect([...new Set(names)]).toEqual(['virtualInbound-blackhole', 'virtualInbound-catchall-http', 'virtualInbound', '::_8080']);
  });
});

describe('inbound targets', () => {
  const ports = (key: Partial<ListenerKey>) => [
    ...new Set(built(key).filterChains.flatMap(({ filterChainMatch }: Json) => filterChainMatch.destinationPort ?? [])),
  ];

  it.each([15021, 15001, 15006])('leave out port %d, which the proxy serves itself', (own) => {
    const serviceTargets = [target(port(80, 'HTTP'), 8080), target(port(81, 'TCP'), own)];
    expect(ports({ serviceTargets, ownPorts: [15021] })).toEqual([15006, 8080]);
  });

  it('count connections by the mesh’s pattern: those of a service by its name, others by nothing', () => {
    const scope = scopeOf([]);
    const config = { ...scope.config, inboundClusterStatName: '%SERVICE%_%SERVICE_PORT%_%SERVICE_PORT_NAME%' };
    const { filterChains } = built({ serviceTargets: [target(port(81, 'TCP'), 8081)] }, { ...scope, config });
    const prefixes = filterChains.map(({ filters }: Json) => filters.at(-1).typedConfig.statPrefix);

    expect(prefixes).toContain('web.shop_81_tcp-81');
    expect(prefixes).toContain('_0_virtualInbound');
  });
});

describe('inbound inspectors', () => {
  function disabled(listener: Json, name: string): unknown {
    const filter = listener.listenerFilters.find((one: Json) => one.name === `envoy.filters.listener.${name}`);
    return filter === undefined ? 'no filter' : (filter.filterDisabled ?? 'always on');
  }
  const range = (start: number) => ({ destinationPortRange: { start, end: start + 1 } });
  const web = [target(port(80, 'HTTP'), 8080)];

  it.each<[string, Partial<ListenerKey>, unknown, unknown]>([
    ['PERMISSIVE', { serviceTargets: web }, range(15006), { orMatch: { rules: [range(8080), range(15006)] } }],
    [
      'STRICT: plaintext is never looked at',
      { serviceTargets: web, mutualTls: { mode: 'STRICT', ports: new Map() } },
      range(15006),
      'no filter',
    ],
    [
      'DISABLE',
      { serviceTargets: web, mutualTls: { mode: 'DISABLE', ports: new Map() } },
      'no filter',
      { orMatch: { rules: [range(8080), range(15006)] } },
    ],
    [
      'STRICT but for one port that may be anything',
      {
        serviceTargets: [target(port(80, 'Auto'), 8080), target(port(81, 'TCP'), 8081)],
        mutualTls: { mode: 'STRICT', ports: new Map([[8080, 'PERMISSIVE']]) },
      },
      range(15006),
      { orMatch: { rules: [{ destinationPortRange: { end: 1 } }, range(8081), range(15006)] } },
    ],
    [
      'DISABLE but for one port',
      { serviceTargets: web, mutualTls: { mode: 'DISABLE', ports: new Map([[8080, 'STRICT']]) } },
      { notMatch: range(8080) },
      { orMatch: { rules: [range(8080), range(15006)] } },
    ],
  ])('%s', (_, key, tls, plaintext) => {
    const listener = built(key);
    expect(disabled(listener, 'tls_inspector')).toEqual(tls);
    expect(disabled(listener, 'http_inspector')).toEqual(plaintext);
  });
});

describe('the virtual inbound listener', () => {
  it('keeps the caller’s address for TPROXY', () => {
    const { transparent, listenerFilters } = built({ interception: 'TPROXY' });
    expect(transparent).toBe(true);
    expect(listenerFilters.map(({ name }: Json) => name).slice(0, 2)).toEqual([
      'envoy.filters.listener.original_dst',
      'envoy.filters.listener.original_src',
    ]);
  });

  it('spreads connections evenly where that is asked for', () => {
    expect(built({ exactBalance: { inbound: true, outbound: false } }).connectionBalanceConfig).toEqual({ exactBalance: {} });
    expect(built().connectionBalanceConfig).toBeUndefined();
  });

  it('speaks HTTP/2 to gRPC applications and translates gRPC-Web for them', () => {
    const { filterChains } = built({ serviceTargets: [target(port(80, 'GRPC-Web'), 8080)] });
    const { http2ProtocolOptions, httpFilters } = filterChains.at(-1).filters.at(-1).typedConfig;
    expect(http2ProtocolOptions).toEqual({});
    expect(httpFilters.map(({ name }: Json) => name)).toContain('envoy.filters.http.grpc_web');
  });

  it('takes the mesh’s retry policy', () => {
    const scope = scopeOf([]);
    const config = { ...scope.config, defaultInboundHttpRetryPolicy: { attempts: 5, retryOn: 'reset' } };
    const { filterChains } = built({}, { ...scope, config });
    expect(filterChains[1].filters.at(-1).typedConfig.routeConfig.virtualHosts[0].routes[0].route.retryPolicy).toMatchObject({
      numRetries: 5,
    });
  });
});
