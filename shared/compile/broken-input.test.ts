import { fromBinary, toJson } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { config, pod, sidecar, webEndpoints, webService, worldOf } from '../../test/fixtures/kubernetes-world.ts';
import { RouteConfigurationSchema } from '../gen/envoy/config/route/v3/route_pb.js';
import { registry } from '../gen/registry.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { classKeyOf } from '../snapshot/projection.ts';
import { type CompileResult, compile } from './compile.ts';

const to = (host: string, weight = 50) => ({ destination: { host, subset: 'v1', port: { number: 80 } }, weight });
const percentage = { value: 10 };

/** Something of every field. */
const virtualService: JsonObject = {
  hosts: ['web', '*.example.com'],
  gateways: ['mesh'],
  exportTo: ['*'],
  http: [
    {
      name: 'all',
      match: [
        {
          name: 'm',
          uri: { prefix: '/a' },
          method: { exact: 'GET' },
          authority: { regex: 'a.*' },
          scheme: { exact: 'http' },
          headers: { 'x-a': { regex: 'a+' } },
          withoutHeaders: { 'x-b': {} },
          queryParams: { q: { exact: '1' } },
          ignoreUriCase: true,
          port: 80,
          sourceNamespace: 'shop',
          sourceLabels: { app: 'web' },
          statPrefix: 's',
        },
      ],
      route: [{ ...to('web'), headers: { request: { set: { a: 'b' }, remove: ['c'] } } }, to('api')],
      headers: { response: { add: { d: 'e' } } },
      rewrite: { uri: '/b', authority: 'b' },
      timeout: '5s',
      retries: { attempts: 3, perTryTimeout: '1s', retryOn: '5xx,503', backoff: '1s', retryRemoteLocalities: true },
      fault: { delay: { fixedDelay: '1s', percentage }, abort: { grpcStatus: 'ABORTED', percentage } },
      mirror: { host: 'api' },
      mirrorPercentage: percentage,
      mirrors: [{ destination: { host: 'api' }, percentage }],
      corsPolicy: { allowOrigins: [{ regex: 'a.*' }], allowMethods: ['GET'], maxAge: '1h', allowCredentials: true },
    },
    { match: [{ uri: { exact: '/r' } }], redirect: { uri: '/s', authority: 't', port: 81, redirectCode: 302 } },
    { match: [{ uri: { regex: '/d.*' } }], directResponse: { status: 503, body: { string: 'no' } } },
    { rewrite: { uriRegexRewrite: { match: '^/(.*)', rewrite: '/\\1' } }, route: [to('web')] },
  ],
  tls: [{ match: [{ sniHosts: ['web'], destinationSubnets: ['10.0.0.0/8'] }], route: [to('web')] }],
  tcp: [{ match: [{ destinationSubnets: ['10.0.0.0/8'], port: 80 }], route: [to('web'), to('api')] }],
};

const sidecarSpec: JsonObject = {
  workloadSelector: { labels: { app: 'web' } },
  egress: [
    { port: { number: 80, protocol: 'HTTP', name: 'h' }, bind: '127.0.0.1', captureMode: 'NONE', hosts: ['./*', 'other/api'] },
    { port: { number: 0, protocol: 'HTTP', name: 'u' }, bind: 'unix:///run/o.sock', hosts: ['./*'] },
    { hosts: ['*/*'] },
  ],
  ingress: [
    { port: { number: 9080, protocol: 'HTTP', name: 'h' }, bind: '10.0.0.1', captureMode: 'NONE', defaultEndpoint: '127.0.0.1:8080' },
    { port: { number: 9090, protocol: 'TCP', name: 't' }, connectionPool: { tcp: { maxConnections: 5, connectTimeout: '1s' } } },
  ],
  inboundConnectionPool: { http: { http1MaxPendingRequests: 1, idleTimeout: '1s' } },
  outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'api.shop.svc.cluster.local', port: { number: 80 } } },
};

const objects = [
  webService('web'),
  webService('api', { clusterIP: '10.96.0.2' }),
  pod('web-1', '10.0.0.1', { app: 'web' }),
  pod('api-1', '10.0.0.2', { app: 'api' }),
  webEndpoints('web', { 'web-1': '10.0.0.1' }),
  webEndpoints('api', { 'api-1': '10.0.0.2' }),
];
const web = sidecar('web-1', '10.0.0.1');
const api = sidecar('api-1', '10.0.0.2');

type Path = readonly (string | number)[];

/** Of every value inside, lists and objects included. */
function pathsIn(value: JsonValue | undefined, path: Path = []): readonly Path[] {
  if (isJsonArray(value)) return [path, ...value.flatMap((item, index) => pathsIn(item, [...path, index]))];
  if (isJsonObject(value)) return [path, ...Object.entries(value).flatMap(([key, item]) => pathsIn(item, [...path, key]))];
  return [path];
}

function withValue(value: JsonValue | undefined, [step, ...rest]: Path, changed: JsonValue): JsonValue {
  if (step === undefined) return changed;
  if (isJsonArray(value)) return value.map((item, index) => (index === step ? withValue(item, rest, changed) : item));
  const members = isJsonObject(value) ? value : {};
  return { ...members, [step]: withValue(members[String(step)], rest, changed) };
}

const strange = fc.constantFrom<JsonValue>(
  ...[null, true, -1, 0, 0.5, 70_000, 1e12, '', ' ', '(', '*', '-5s', '0s', 'a\r\nb', '10.0.0.0/99', 'unix://', 'UNKNOWN', '~/*'],
  ...[[], {}, ['', '*x'], { '': {} }, { a: 1 }, [{}], [null]],
);

function mutations(spec: JsonObject): fc.Arbitrary<{ readonly path: Path; readonly spec: JsonValue }> {
  const paths = pathsIn(spec).filter((path) => path.length > 0);
  return fc.tuple(fc.constantFrom(...paths), strange).map(([path, value]) => ({ path, spec: withValue(spec, path, value) }));
}

/** The virtual host of `api` as a proxy gets it, and everything that is inbound for it. */
function restOf({ snapshot }: CompileResult): unknown {
  const refs = snapshot.classes.get(classKeyOf(snapshot.projection, api))?.chunks.flatMap((chunk) => chunk.refs) ?? [];
  const routes = refs.find(({ typeUrl, name }) => typeUrl.endsWith('RouteConfiguration') && name === '80');
  const body = routes && snapshot.bodies.get(routes.hash);
  const configuration = body && (toJson(RouteConfigurationSchema, fromBinary(RouteConfigurationSchema, body), { registry }) as JsonObject);
  const hosts = isJsonArray(configuration?.['virtualHosts']) ? configuration['virtualHosts'].filter(isJsonObject) : [];
  const inbound = refs.filter(({ name }) => name === 'virtualInbound' || name.startsWith('inbound|')).map(({ hash }) => hash);
  return [hosts.find(({ name }) => name === 'api.shop.svc.cluster.local:80'), inbound];
}

const expected = restOf(compile(worldOf(objects), [web, api]));

/** Fields that choose for whom or what an object is: a strange value there may well mean nobody. */
const choosing = /hosts|gateways|exportTo|match/;

describe('strange values', () => {
  it('of a VirtualService leave the rest alone, and the object is in effect or has a problem that names it and a field', () => {
    fc.assert(
      fc.property(mutations(virtualService), ({ path, spec }) => {
        const result = compile(worldOf([...objects, config('VirtualService', 'web', spec as JsonObject)]), [web, api]);
        const { problems, origins } = result.snapshot;
        const isInEffect = [...origins.values()].flat().some(({ kind, name }) => kind === 'VirtualService' && name === 'web');

        // A host may become one that covers the others.
        if (path[0] !== 'hosts') expect(restOf(result)).toEqual(expected);
        for (const problem of problems)
          expect(problem).toMatchObject({ object: 'VirtualService shop/web', path: expect.stringMatching(/^spec/) });
        // Without any list of routes it says nothing, which is nothing wrong.
        expect(isInEffect || problems.length > 0 || path.length === 1 || choosing.test(path.join('.'))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('of a Sidecar leave other workloads alone, and what is left out has a problem that names it and a field', () => {
    fc.assert(
      fc.property(mutations(sidecarSpec), ({ spec }) => {
        const result = compile(worldOf([...objects, config('Sidecar', 'web', spec as JsonObject)]), [web, api]);
        const { problems } = result.snapshot;

        expect(result.snapshot.classes.size).toBe(2);
        // What a listener speaks may set the services behind it against each other.
        for (const problem of problems.filter(({ code }) => code !== 'listener-conflict'))
          expect(problem).toMatchObject({ object: 'Sidecar shop/web', path: expect.stringMatching(/^spec/) });
      }),
      { numRuns: 100 },
    );
  });
});
