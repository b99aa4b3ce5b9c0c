/** Where spans are sent: the mesh's tracing providers in Envoy's words. */

import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { collectorOf, type ExtensionProvider } from '../config/mesh/extension-provider.ts';
import { DatadogConfigSchema } from '../gen/envoy/config/trace/v3/datadog_pb.js';
import { OpenTelemetryConfigSchema } from '../gen/envoy/config/trace/v3/opentelemetry_pb.js';
import { SkyWalkingConfigSchema } from '../gen/envoy/config/trace/v3/skywalking_pb.js';
import {
  ZipkinConfig_CollectorEndpointVersion as EndpointVersion,
  ZipkinConfig_TraceContextOption as TraceContextOption,
  ZipkinConfigSchema,
} from '../gen/envoy/config/trace/v3/zipkin_pb.js';
import type { HttpConnectionManager_TracingSchema } from '../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { pack } from '../lib/protobuf.ts';
import type { Scope } from '../model/index.ts';
import type { Init } from './init.ts';
import { type Collector, collectorAt, grpcCollector, httpCollector } from './tracing-collector.ts';
import { openTelemetry } from './tracing-opentelemetry.ts';

/** What of a proxy decides how it sends spans. */
export interface SpanSource {
  /** `cluster` of its node, by which spans name the service. */
  readonly nodeCluster: string;
  /** As `ProxyView.version`. */
  readonly version: string;
}

/** Fields of the connection manager's tracing. */
export interface TracingProvider {
  readonly fields: Pick<Init<typeof HttpConnectionManager_TracingSchema>, 'provider' | 'spawnUpstreamSpan' | 'maxPathTagLength'>;
  /** The provider picks the spans itself, so that all must reach it. */
  readonly samplesItself: boolean;
}

/** Undefined for providers that do not trace, and for those whose service does not exist. */
export function tracingProvider(
  provider: ExtensionProvider,
  scope: Pick<Scope, 'providerHost'>,
  source: SpanSource,
): TracingProvider | undefined {
  const collector = collectorAt(collectorOf(provider) ?? {}, scope);
  if (collector === undefined) return undefined;
  const { zipkin, datadog, skywalking, opentelemetry } = provider;
  if (zipkin) return tracer('zipkin', ZipkinConfigSchema, zipkinSettings(zipkin, collector, source), zipkin);
  if (datadog) return tracer('datadog', DatadogConfigSchema, datadogSettings(collector, source), datadog);
  if (skywalking) return withOwnSpan(tracer('skywalking', SkyWalkingConfigSchema, { grpcService: grpcCollector(collector) }, {}));
  const settings = opentelemetry && openTelemetry(opentelemetry, collector, { scope, serviceName: source.nodeCluster });
  if (settings === undefined) return undefined;
  const made = tracer('opentelemetry', OpenTelemetryConfigSchema, settings, opentelemetry ?? {});
  return { ...made, samplesItself: opentelemetry?.dynatraceSampler !== undefined };
}

function tracer<Desc extends DescMessage>(
  name: string,
  schema: Desc,
  settings: MessageInitShape<Desc>,
  { maxTagLength = 0 }: { readonly maxTagLength?: number },
): TracingProvider {
  const value = pack(schema, create(schema, settings) as MessageShape<Desc>);
  const provider = { name: `envoy.tracers.${name}`, configType: { case: 'typedConfig' as const, value } };
  return { fields: { provider, ...(maxTagLength > 0 && { maxPathTagLength: maxTagLength }) }, samplesItself: false };
}

/** SkyWalking shows a proxy only if it has a span beside the application's. */
function withOwnSpan({ fields, ...rest }: TracingProvider): TracingProvider {
  return { ...rest, fields: { ...fields, spawnUpstreamSpan: true } };
}

type Zipkin = NonNullable<ExtensionProvider['zipkin']>;

/** Releases that know Zipkin's collector as a service, and those that know its context option. */
const withCollectorService: ReadonlySet<string> = new Set(['1.29', '1.29.2', '1.30']);
const withContextOption: ReadonlySet<string> = new Set(['1.28', ...withCollectorService]);

function zipkinSettings(zipkin: Zipkin, collector: Collector, { version }: SpanSource): MessageInitShape<typeof ZipkinConfigSchema> {
  const { path = '', enable64bitTraceId = false, traceContextOption = 'USE_B3' } = zipkin;
  const endpoint = path === '' ? '/api/v2/spans' : path;
  const place = withCollectorService.has(version)
    ? { collectorService: httpCollector(collector, `http://${collector.host}${endpoint}`, zipkin) }
    : { collectorCluster: collector.cluster, collectorEndpoint: endpoint, collectorHostname: collector.host };
  return {
    ...place,
    collectorEndpointVersion: EndpointVersion.HTTP_JSON,
    traceId128bit: !enable64bitTraceId,
    sharedSpanContext: false,
    ...(withContextOption.has(version) && { traceContextOption: TraceContextOption[traceContextOption] }),
  };
}

function datadogSettings({ host, cluster }: Collector, { nodeCluster }: SpanSource): MessageInitShape<typeof DatadogConfigSchema> {
  return { collectorCluster: cluster, serviceName: nodeCluster, collectorHostname: host };
}
