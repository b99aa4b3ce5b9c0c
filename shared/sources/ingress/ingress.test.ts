import { describe, expect, it } from 'vitest';
import { dumpGateway } from '../../../test/fixtures/gateways.ts';
import { object } from '../../../test/fixtures/kubernetes-world.ts';
import type { Json } from '../../../test/fixtures/listeners.ts';
import { type MeshConfig, meshDefaults } from '../../config/mesh/mesh-config.ts';
import type { JsonObject } from '../../lib/json.ts';
import { byPrecedence, pathMatch } from './path.ts';

const to = (name: string, port: JsonObject = { number: 80 }) => ({ service: { name, port } });
const ours = { annotations: { 'kubernetes.io/ingress.class': 'istio' } };
const rule = (host: string, ...paths: JsonObject[]) => ({ ...(host !== '' && { host }), http: { paths } });
const slash = { path: '/', pathType: 'Prefix', backend: to('web') };

function ingress(name: string, spec: JsonObject, metadata: JsonObject = ours) {
  return object('networking.k8s.io/v1', 'Ingress', name, { spec }, metadata);
}

describe('paths', () => {
  it.each<[string, string | undefined, object | undefined]>([
    ['/a', 'Exact', { exact: '/a' }],
    ['/a/', 'Prefix', { prefix: '/a/' }],
    ['/a', 'ImplementationSpecific', { exact: '/a' }],
    ['/a.*', 'ImplementationSpecific', { prefix: '/a' }],
    ['/a/*', undefined, { prefix: '/a' }],
    ['/a*', undefined, { exact: '/a*' }],
    ['/*', undefined, undefined],
    ['', undefined, undefined],
  ])('%s of type %s matches %j', (path, pathType, expected) => {
    expect(pathMatch({ path, ...(pathType !== undefined && { pathType }) })).toEqual(expected);
  });

  it('are tried from the longest to the shortest, the exact one before the prefix', () => {
    const matches = [undefined, { prefix: '/a' }, { exact: '/a' }, { prefix: '/ab' }];
    expect(matches.toSorted(byPrecedence)).toEqual([{ prefix: '/ab' }, { exact: '/a' }, { prefix: '/a' }, undefined]);
  });
});

describe('whose Ingress it is', () => {
  const classes = [
    object('networking.k8s.io/v1', 'IngressClass', 'mesh', { spec: { controller: 'istio.io/ingress-controller' } }, { namespace: '' }),
    object('networking.k8s.io/v1', 'IngressClass', 'nginx', { spec: { controller: 'k8s.io/ingress-nginx' } }, { namespace: '' }),
  ];
  const annotated = (name: string) => ({ annotations: { 'kubernetes.io/ingress.class': name } });

  it.each<[string, JsonObject, JsonObject, NonNullable<MeshConfig['ingressControllerMode']>, boolean]>([
    ['our annotation', {}, annotated('istio'), 'STRICT', true],
    ['our annotation', {}, annotated('istio'), 'OFF', false],
    ['another annotation', {}, annotated('nginx'), 'DEFAULT', false],
    ['a class of our controller', { ingressClassName: 'mesh' }, {}, 'STRICT', true],
    ['a class of another controller', { ingressClassName: 'nginx' }, {}, 'DEFAULT', false],
    ['nothing', {}, {}, 'STRICT', false],
    ['nothing', {}, {}, 'DEFAULT', true],
    ['nothing', {}, {}, 'OFF', false],
  ])('%s %j %j with mode %s: %s', (_, spec, metadata, ingressControllerMode, isOurs) => {
    const config = { ...meshDefaults, ingressControllerMode };
    const objects = [...classes, ingress('ing', { ...spec, rules: [rule('a.example.com', slash)] }, metadata)];
    expect(dumpGateway(objects, undefined, { config }).listeners).toHaveLength(isOurs ? 1 : 0);
  });
});

describe('an Ingress', () => {
  const hosts = (objects: Parameters<typeof dumpGateway>[0]): readonly Json[] => dumpGateway(objects).routes[0].virtualHosts;

  it('reads prefixes as whole path segments', () => {
    const [host] = hosts([ingress('ing', { rules: [rule('', { path: '/a/', pathType: 'Prefix', backend: to('web') })] })]);
    expect(host.domains).toEqual(['*']);
    expect(host.routes[0].match).toMatchObject({ pathSeparatedPrefix: '/a' });
  });

  it('shares a host with others: the oldest names it, all paths are there', () => {
    const later = { ...ours, creationTimestamp: '2026-02-01T00:00:00Z' };
    const [host] = hosts([
      ingress('a', { rules: [rule('a.example.com', { path: '/long', pathType: 'Prefix', backend: to('api', { number: 8000 }) })] }, later),
      ingress('b', { rules: [rule('a.example.com', slash)] }),
    ]);
    expect(host.routes.map(({ match }: Json) => match.pathSeparatedPrefix ?? match.prefix)).toEqual(['/long', '/']);
    expect(host.routes[0].metadata.filterMetadata.istio.config).toContain('/virtual-service/a-example-com-b-');
  });

  it('serves its hosts with the secret that it names', () => {
    const tls = [{ hosts: ['a.example.com'], secretName: 'cert' }];
    const { listeners } = dumpGateway([ingress('ing', { tls, rules: [rule('a.example.com', slash)] })]);
    const [chain] = listeners.find(({ name }) => name === '0.0.0.0_8443').filterChains;
    expect(chain.filterChainMatch.serverNames).toEqual(['a.example.com']);
    expect(chain.transportSocket.typedConfig.commonTlsContext.tlsCertificateSdsSecretConfigs[0].name).toBe('kubernetes://cert');
  });

  it.each<[string, JsonObject, string]>([
    [
      'a port without a name that the service has',
      { rules: [rule('', { ...slash, backend: to('web', { name: 'no' }) })] },
      'spec.rules[0].http.paths[0].backend',
    ],
    ['no service', { rules: [rule('', { ...slash, backend: {} })] }, 'spec.rules[0].http.paths[0].backend'],
    ['no paths', { rules: [{ host: 'a.example.com' }] }, 'spec.rules[0].http'],
    ['no secret', { tls: [{ hosts: ['a.example.com'] }], rules: [] }, 'spec.tls[0].secretName'],
    ['a default backend', { defaultBackend: to('web'), rules: [] }, 'spec.defaultBackend'],
  ])('with %s tells the field', (_, spec, path) => {
    expect(dumpGateway([ingress('ing', spec)]).problems).toContainEqual(
      expect.objectContaining({ object: 'Ingress shop/ing', severity: 'warning', path }),
    );
  });
});
