import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { jsonOf, port, scopeOf, service } from '../../test/fixtures/listeners.ts';
import type { ExtensionProvider } from '../config/mesh/extension-provider.ts';
import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import { HttpConnectionManager_TracingSchema } from '../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { type TracingKey, tracing } from './tracing.ts';

type Settings = TracingKey['settings'];

const web = {
  canonicalName: 'web',
  canonicalRevision: 'v1',
  cluster: 'east',
  meshId: 'mesh',
  namespace: 'shop',
  nodeCluster: 'web.shop',
  version: '1.30',
};

function tracedIn(config: MeshConfig, key: TracingKey) {
  const collector = service('otel.istio-system.svc.cluster.local', [port(4317, 'GRPC')]);
  const made = tracing({ ...scopeOf([collector]), config }, key);
  return made && jsonOf(HttpConnectionManager_TracingSchema, create(HttpConnectionManager_TracingSchema, made));
}

function traced(settings: Settings, workload = web) {
  return tracedIn({ enableTracing: true }, { ...workload, settings });
}

function literals(settings: Settings, workload = web) {
  const tags: { tag: string; literal?: { value: string } }[] = traced(settings, workload).customTags;
  return Object.fromEntries(tags.flatMap(({ tag, literal }) => (literal ? [[tag, literal.value]] : [])));
}

describe('tracing', () => {
  it.each([
    [undefined, 1],
    [{}, 1],
    [{ sampling: 0 }, 1],
    [{ sampling: 12.5 }, 12.5],
    [{ sampling: 250 }, 100],
  ])('samples %j as %d percent', (settings, percent) => {
    expect(traced(settings).randomSampling).toEqual({ value: percent });
  });

  it('is off where the mesh turns it off', () => {
    expect(tracedIn({}, { ...web, settings: undefined })).toBeUndefined();
  });

  it('tags spans with the workload, as far as it is known', () => {
    expect(literals({}, { ...web, meshId: '' })).toEqual({
      'istio.canonical_revision': 'v1',
      'istio.canonical_service': 'web',
      'istio.cluster_id': 'east',
      'istio.mesh_id': 'unknown',
      'istio.namespace': 'shop',
    });
  });

  it('leaves Istio’s tags out where they are turned off', () => {
    expect(traced({ enableIstioTags: false }).customTags).toBeUndefined();
  });

  it('tags spans with the verdicts of dry runs', () => {
    expect(traced({}).customTags[0]).toEqual({
      tag: 'istio.authorization.dry_run.allow_policy.name',
      metadata: {
        kind: { request: {} },
        metadataKey: { key: 'envoy.filters.http.rbac', path: [{ key: 'istio_dry_run_allow_shadow_effective_policy_id' }] },
      },
    });
  });

  it('adds the user’s tags, all in the order of their names', () => {
    const customTags = {
      z: { literal: { value: 'v' } },
      a: { environment: { name: 'E', defaultValue: 'd' } },
      h: { header: { name: 'x-h' } },
    };
    const { customTags: tags } = traced({ customTags, maxPathTagLength: 99 });

    expect(tags.map(({ tag }: { tag: string }) => tag)).toEqual([...tags.map(({ tag }: { tag: string }) => tag)].sort());
    expect(tags[0]).toEqual({ tag: 'a', environment: { name: 'E', defaultValue: 'd' } });
    expect(tags.at(-2)).toMatchObject({ tag: 'istio.namespace' });
    expect(tags.at(-1)).toEqual({ tag: 'z', literal: { value: 'v' } });
    expect(tags).toContainEqual({ tag: 'h', requestHeader: { name: 'x-h' } });
  });

  it('cuts the path tag', () => {
    expect(traced({ maxPathTagLength: 99 }).maxPathTagLength).toBe(99);
    expect(traced({}).maxPathTagLength).toBeUndefined();
  });
});

const at = { service: 'istio-system/otel.istio-system.svc.cluster.local', port: 4317 };
const host = 'otel.istio-system.svc.cluster.local';
const cluster = `outbound|4317||${host}`;

/** Tracing by the mesh's default provider. */
function sent(provider: ExtensionProvider, key: Partial<TracingKey> = {}) {
  const config = { defaultProviders: { tracing: ['p', 'ignored'] }, extensionProviders: [{ name: 'p', ...provider }] };
  return tracedIn(config, { ...web, settings: undefined, ...key });
}

describe('tracing by a default provider', () => {
  it.each<[string, ExtensionProvider, string, object]>([
    ['Datadog', { datadog: at }, 'datadog', { collectorCluster: cluster, serviceName: 'web.shop', collectorHostname: host }],
    ['SkyWalking', { skywalking: at }, 'skywalking', { grpcService: { envoyGrpc: { clusterName: cluster, authority: host } } }],
    [
      'OpenTelemetry over gRPC',
      {
        opentelemetry: {
          ...at,
          grpc: {
            timeout: '2s',
            initialMetadata: [
              { name: 'k', value: 'v' },
              { name: 'e', envName: 'E' },
            ],
          },
        },
      },
      'opentelemetry',
      {
        serviceName: 'web.shop',
        grpcService: {
          envoyGrpc: { clusterName: cluster, authority: host },
          timeout: '2s',
          initialMetadata: [{ key: 'k', value: 'v' }, { key: 'e' }],
        },
      },
    ],
    [
      'OpenTelemetry over HTTP',
      { opentelemetry: { ...at, http: { path: '/v1/traces', timeout: '3s', headers: [{ name: 'k', value: 'v' }] } } },
      'opentelemetry',
      {
        serviceName: 'web.shop',
        httpService: {
          httpUri: { uri: `${host}/v1/traces`, cluster, timeout: '3s' },
          requestHeadersToAdd: [{ header: { key: 'k', value: 'v' }, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' }],
        },
      },
    ],
  ])('sends spans to %s', (_, provider, name, expected) => {
    const { '@type': __, ...settings } = sent(provider).provider.typedConfig;
    expect(sent(provider).provider.name).toBe(`envoy.tracers.${name}`);
    expect(settings).toEqual(expected);
  });

  const inOldWords = { collectorCluster: cluster, collectorEndpoint: '/api/v2/spans', collectorHostname: host };
  const asService = { collectorService: { httpUri: { uri: `http://${host}/api/v2/spans`, cluster, timeout: '5s' } } };
  const w3c = { traceContextOption: 'USE_B3_WITH_W3C_PROPAGATION' };

  it.each([
    ['', inOldWords],
    ['1.28', { ...inOldWords, ...w3c }],
    ['1.29', { ...asService, ...w3c }],
    ['1.30', { ...asService, ...w3c }],
  ])('sends spans to Zipkin as release %j knows it', (version, place) => {
    const { '@type': _, ...settings } = sent({ zipkin: { ...at, ...w3c } as ExtensionProvider['zipkin'] & object }, { version }).provider
      .typedConfig;
    expect(settings).toEqual({ ...place, collectorEndpointVersion: 'HTTP_JSON', traceId128bit: true, sharedSpanContext: false });
  });

  it('replaces what the proxy’s settings say of the path tag, if it says something itself', () => {
    const settings = { maxPathTagLength: 99, sampling: 7 };
    expect(sent({ zipkin: { ...at, maxTagLength: 128 } }, { settings })).toMatchObject({
      maxPathTagLength: 128,
      randomSampling: { value: 7 },
    });
    expect(sent({ zipkin: at }, { settings }).maxPathTagLength).toBe(99);
  });

  it('gives SkyWalking a span of the proxy’s own', () => {
    expect(sent({ skywalking: at }).spawnUpstreamSpan).toBe(true);
    expect(sent({ zipkin: at }).spawnUpstreamSpan).toBeUndefined();
  });

  it('lets Dynatrace pick the spans, by its collector’s API or by one of its own', () => {
    const dynatraceSampler = { tenant: 't', clusterId: 7, rootSpansPerMinute: 9 };
    const made = sent({
      opentelemetry: { ...at, http: { path: 'v1' }, resourceDetectors: { environment: {}, dynatrace: {} }, dynatraceSampler },
    });
    const own = sent({ opentelemetry: { ...at, dynatraceSampler: { httpService: { ...at, http: { path: '/x', timeout: '1s' } } } } });

    expect(made.randomSampling).toEqual({ value: 100 });
    expect(made.provider.typedConfig.resourceDetectors).toHaveLength(2);
    expect(made.provider.typedConfig.sampler.typedConfig).toMatchObject({
      ...dynatraceSampler,
      httpService: { httpUri: { uri: `${host}/api/v2/samplingConfiguration`, cluster } },
    });
    expect(own.provider.typedConfig.sampler.typedConfig.httpService.httpUri).toEqual({ uri: `${host}/x`, cluster, timeout: '1s' });
    expect(sent({ opentelemetry: { ...at, dynatraceSampler } })).toBeUndefined();
  });

  it.each<[string, ExtensionProvider]>([
    ['is unknown', { name: 'other' }],
    ['does not trace', { prometheus: {} }],
    ['has a service that does not exist', { zipkin: { service: 'hidden', port: 1 } }],
  ])('is off where the provider %s', (_, provider) => {
    expect(sent(provider)).toBeUndefined();
  });
});
