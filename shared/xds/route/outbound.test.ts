import { describe, expect, it } from 'vitest';
import { type Json, jsonOf, port, scopeOf, service, virtualService } from '../../../test/fixtures/listeners.ts';
import { routeKey, webHost, webScope } from '../../../test/fixtures/routes.ts';
import type { HttpRoute, VirtualService } from '../../config/networking/virtual-service.ts';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import type { RouteKey, Scope } from '../../model/index.ts';
import { outboundRoutes } from './outbound.ts';

function configurations(scope: Scope, key: Partial<RouteKey> = {}): Map<string, Json> {
  const { value } = outboundRoutes(scope, routeKey(key));
  return new Map(value.map((configuration) => [configuration.name, jsonOf(RouteConfigurationSchema, configuration)]));
}

/** Virtual host → cluster of its first route. */
function clusters(scope: Scope, name: string): Readonly<Record<string, string>> {
  const hosts: readonly Json[] = configurations(scope).get(name).virtualHosts ?? [];
  return Object.fromEntries(hosts.map((host) => [host.name, host.routes[0].route?.cluster]));
}

function rule(name: string, hosts: readonly string[], http: HttpRoute = {}, more: VirtualService = {}) {
  return virtualService(name, { hosts, http: [{ route: [{ destination: { host: `${name}.example` } }], ...http }], ...more });
}

const http = service(webHost, [port(80, 'HTTP'), port(8080, 'GRPC'), port(9000, 'TCP'), port(53, 'UDP')]);

describe('route configurations', () => {
  it('are one for each port that carries HTTP', () => {
    expect([...configurations(scopeOf([http])).keys()]).toEqual(['80', '8080']);
  });

  it('have the virtual hosts of all services and one for the rest', () => {
    const other = service('a.bank.svc.cluster.local', [port(80, 'HTTP')], { addresses: ['10.0.0.2'] });
    const configuration = configurations(scopeOf([http, other])).get('80');

    expect(configuration.virtualHosts.map(({ name }: Json) => name)).toEqual(['a.bank.svc.cluster.local:80', `${webHost}:80`, 'allow_any']);
    expect(configuration).toMatchObject({
      validateClusters: false,
      maxDirectResponseBodySizeBytes: 1048576,
      ignorePortInHostMatching: true,
    });
  });

  it('lead to the service by default', () => {
    expect(configurations(scopeOf([http])).get('80').virtualHosts[0]).toMatchObject({
      domains: [webHost, `${webHost}.`, 'web', 'web.shop.svc', 'web.shop', '10.0.0.1'],
      includeRequestAttemptCount: true,
      routes: [
        {
          name: 'default',
          match: { prefix: '/' },
          route: { cluster: `outbound|80||${webHost}`, timeout: '0s', maxGrpcTimeout: '0s', retryPolicy: { numRetries: 2 } },
          decorator: { operation: `${webHost}:80/*` },
        },
      ],
    });
  });

  it.each([
    ['the proxy’s own settings', { proxyConfig: { proxyHeaders: { xForwardedHost: { enabled: true } } } }, true],
    ['nothing', {}, undefined],
  ])('tell the host that was asked for if %s say so', (_, key, expected) => {
    const hosts: readonly Json[] = configurations(scopeOf([http]), key).get('80').virtualHosts;

    expect(hosts.map(({ routes }) => routes[0].route.appendXForwardedHost)).toEqual([expected, expected]);
  });

  it('hash by the rule of the service, and still retry on other hosts', () => {
    const rules = { [webHost]: { trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'h' } } } } };
    const { route } = configurations(webScope({ rules })).get('80').virtualHosts[0].routes[0];
    expect(route.hashPolicy).toEqual([{ header: { headerName: 'h' } }]);
    expect(route.retryPolicy.retryHostPredicate).toHaveLength(1);
  });

  it('refuse unknown hosts if nothing but the registry counts', () => {
    expect(
      configurations(webScope({ outboundTrafficPolicy: 'REGISTRY_ONLY' }))
        .get('80')
        .virtualHosts.at(-1),
    ).toEqual({
      name: 'block_all',
      domains: ['*'],
      routes: [{ name: 'block_all', match: { prefix: '/' }, directResponse: { status: 502 } }],
      includeRequestAttemptCount: true,
    });
  });

  it.each<[string, Scope, Partial<RouteKey>]>([
    ['proxy', webScope(), { proxyConfig: { proxyHeaders: { attemptCount: { disabled: true } } } }],
    ['mesh', webScope({ config: { defaultConfig: { proxyHeaders: { attemptCount: { disabled: true } } } } }), {}],
  ])('do not count attempts if the %s says so', (_, scope, key) => {
    const hosts: readonly Json[] = configurations(scope, key).get('80').virtualHosts;
    expect(hosts.map((host) => host.includeRequestAttemptCount)).toEqual([undefined, undefined]);
  });

  it('give wildcards to the pods of headless services, and no address', () => {
    const headless = service('db.bank.svc.cluster.local', [port(80, 'HTTP')], { resolution: 'passthrough', addresses: [] });
    const names = ['db.bank.svc.cluster.local', 'db.bank.svc.cluster.local.', 'db.bank', 'db.bank.svc'];
    expect(configurations(scopeOf([headless])).get('80').virtualHosts[0].domains).toEqual([...names, ...names.map((name) => `*.${name}`)]);
  });

  it('have one virtual host for services of one host, with the last one’s address', () => {
    const parts = ['192.0.2.1', '192.0.2.2'].map((address) =>
      service('api.example', [port(80, 'HTTP')], { registry: 'External', addresses: [address] }),
    );
    expect(configurations(scopeOf(parts)).get('80').virtualHosts[0].domains).toEqual(['api.example', 'api.example.', '192.0.2.2']);
  });
});

describe('ports whose protocol is not known', () => {
  const auto = service('any.shop.svc.cluster.local', [port(80, 'Auto'), port(90, 'Auto')], { addresses: ['10.0.0.3'] });

  it('have a configuration of their own with one virtual host', () => {
    const all = configurations(scopeOf([auto]));
    expect([...all.keys()]).toEqual([`${auto.host}:80`, `${auto.host}:90`]);
    expect(all.get(`${auto.host}:90`)).toMatchObject({ virtualHosts: [{ name: `${auto.host}:90`, domains: ['*'] }] });
  });

  it('also join those of HTTP ports of the same number', () => {
    expect(Object.keys(clusters(scopeOf([http, auto]), '80'))).toEqual([`${auto.host}:80`, `${webHost}:80`, 'allow_any']);
  });

  it('follow VirtualServices', () => {
    expect(clusters(scopeOf([auto], { virtualServices: [rule('vs', [auto.host])] }), `${auto.host}:90`)).toEqual({
      [`${auto.host}:90`]: 'outbound|90||vs.example',
    });
  });
});

describe('VirtualServices', () => {
  it('replace the default route on every port', () => {
    const scope = scopeOf([http], { virtualServices: [rule('vs', [webHost])] });
    expect([clusters(scope, '80')[`${webHost}:80`], clusters(scope, '8080')[`${webHost}:8080`]]).toEqual([
      'outbound|80||vs.example',
      'outbound|8080||vs.example',
    ]);
  });

  it('of one host: the first wins', () => {
    const scope = webScope({ virtualServices: [rule('old', [webHost]), rule('new', [webHost])] });
    expect(clusters(scope, '80')[`${webHost}:80`]).toBe('outbound|80||old.example');
  });

  it('leave the default route where none of their matches is for the port', () => {
    const scope = scopeOf([http], { virtualServices: [rule('vs', [webHost], { match: [{ port: 8080 }] })] });
    expect(clusters(scope, '80')[`${webHost}:80`]).toBe(`outbound|80||${webHost}`);
    expect(clusters(scope, '8080')[`${webHost}:8080`]).toBe('outbound|8080||vs.example');
  });

  it('serve hosts that nobody knows on port 80 only', () => {
    const scope = scopeOf([http], { virtualServices: [rule('vs', ['api.example', '*.wild.example'])] });
    const hosts: readonly Json[] = configurations(scope).get('80').virtualHosts;

    expect(hosts.map(({ name, domains }) => [name, domains]).slice(0, 2)).toEqual([
      ['*.wild.example:80', ['*.wild.example']],
      ['api.example:80', ['api.example']],
    ]);
    expect(Object.keys(clusters(scope, '8080'))).toEqual([`${webHost}:8080`, 'allow_any']);
  });

  it('serve unknown hosts on the ports of the services that they name besides', () => {
    const scope = scopeOf([http], { virtualServices: [rule('vs', [webHost, 'api.example'])] });
    expect(clusters(scope, '8080')['api.example:8080']).toBe('outbound|8080||vs.example');
  });

  it('have their unknown hosts’ names before services do', () => {
    const hosts: readonly Json[] = configurations(webScope({ virtualServices: [rule('vs', [webHost, 'web.shop'])] })).get(
      '80',
    ).virtualHosts;
    expect(hosts[1]).toMatchObject({ name: 'web.shop:80', domains: ['web.shop'] });
    expect(hosts[0].domains).not.toContain('web.shop');
  });

  it('name hosts in any case', () => {
    expect(clusters(webScope({ virtualServices: [rule('vs', [webHost.toUpperCase(), 'API.example'])] }), '80')).toMatchObject({
      [`${webHost}:80`]: 'outbound|80||vs.example',
      'api.example:80': 'outbound|80||vs.example',
    });
  });

  it('of a service without port 80 have a virtual host there all the same', () => {
    const other = service('other.shop.svc.cluster.local', [port(8000, 'HTTP')], { addresses: ['10.0.0.4'] });
    const scope = scopeOf([http, other], { virtualServices: [rule('vs', [other.host])] });
    expect(clusters(scope, '80')[`${other.host}:80`]).toBe('outbound|80||vs.example');
  });

  it('of an alias have a virtual host on the ports of its service, and take the name from it', () => {
    const alias = 'alias.shop.svc.cluster.local';
    const web = service(webHost, [port(80, 'HTTP')]);
    const scope = scopeOf([web], {
      aliases: { [webHost]: [alias] },
      serviceOf: (host) => (host === alias || host === webHost ? web : undefined),
      virtualServices: [rule('vs', [alias])],
    });
    const hosts: readonly Json[] = configurations(scope).get('80').virtualHosts;

    expect(hosts.slice(0, 2).map(({ name, domains }) => [name, domains])).toEqual([
      [`${alias}:80`, [alias, `${alias}.`, 'alias', 'alias.shop.svc', 'alias.shop']],
      [`${webHost}:80`, [webHost, `${webHost}.`, 'web', 'web.shop.svc', 'web.shop', '10.0.0.1']],
    ]);
  });
});

describe('aliases', () => {
  it('are further names of their service, before its address', () => {
    const scope = webScope({ aliases: { [webHost]: ['old.example'] } });
    expect(configurations(scope).get('80').virtualHosts[0].domains.slice(-3)).toEqual(['old.example', 'old.example.', '10.0.0.1']);
  });
});

describe('the routes of the HTTP proxy', () => {
  const config = { proxyHttpPort: 15007 };

  function domains(scope: Scope) {
    const hosts: readonly Json[] = configurations(scope).get('http_proxy').virtualHosts;
    return hosts.map(({ name, domains: all }) => [name, all.slice(0, 2)]);
  }

  it('name ports in their domains', () => {
    expect(domains(scopeOf([http], { config }))).toEqual([
      [`${webHost}:80`, [webHost, `${webHost}:80`]],
      [`${webHost}:8080`, [`${webHost}:8080`, `${webHost}.:8080`]],
      ['allow_any', ['*']],
    ]);
  });

  it('know hosts of VirtualServices only beside services, on port 80', () => {
    const virtualServices = [rule('beside', [webHost, 'api.example']), rule('alone', ['other.example'])];
    const [first, ...others] = domains(scopeOf([http], { config, virtualServices }));
    expect(first).toEqual(['api.example:80', ['api.example']]);
    expect(others.map(([name]) => name)).toEqual([`${webHost}:80`, `${webHost}:8080`, 'allow_any']);
  });
});
