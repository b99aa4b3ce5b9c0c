import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import type { ProxyConfig } from '../config/mesh/proxy-config.ts';
import type { AccessLog } from '../gen/envoy/config/accesslog/v3/accesslog_pb.js';
import { ApiVersion } from '../gen/envoy/config/core/v3/config_source_pb.js';
import type { Http1ProtocolOptionsSchema } from '../gen/envoy/config/core/v3/protocol_pb.js';
import type { Filter } from '../gen/envoy/config/listener/v3/listener_components_pb.js';
import type { RouteConfiguration } from '../gen/envoy/config/route/v3/route_pb.js';
import {
  HttpConnectionManager_ForwardClientCertDetails,
  HttpConnectionManager_PathWithEscapedSlashesAction,
  HttpConnectionManager_ServerHeaderTransformation,
  type HttpConnectionManager_TracingSchema,
  HttpConnectionManagerSchema,
  type HttpFilter,
} from '../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { PreserveCaseFormatterConfigSchema } from '../gen/envoy/extensions/http/header_formatters/preserve_case/v3/preserve_case_pb.js';
import { UuidRequestIdConfigSchema } from '../gen/envoy/extensions/request_id/uuid/v3/uuid_pb.js';
import { pack } from '../lib/protobuf.ts';
import type { Direction } from './direction.ts';
import { durationOf, seconds } from './duration.ts';
import { networkFilter } from './filter/network/network-filter.ts';

type ManagerInit = MessageInitShape<typeof HttpConnectionManagerSchema>;

/** What all connection managers of a proxy share. */
export interface HttpSettings {
  readonly acceptsHttp10: boolean;
  /** Duration text; empty leaves it to Envoy. */
  readonly idleTimeout: string;
  readonly headers: NonNullable<ProxyConfig['proxyHeaders']>;
  /** What stands before a gateway. */
  readonly gatewayTopology?: NonNullable<ProxyConfig['gatewayTopology']>;
  readonly pathNormalization: NonNullable<NonNullable<MeshConfig['pathNormalization']>['normalization']>;
  /** Absent where tracing is turned off. */
  readonly tracing?: MessageInitShape<typeof HttpConnectionManager_TracingSchema>;
  readonly accessLog: readonly AccessLog[];
}

/** One chain's connection manager. */
export interface HttpChain {
  readonly direction: Direction;
  readonly statPrefix: string;
  /** Name of a route that Envoy asks for, or the route itself. */
  readonly route: string | RouteConfiguration;
  readonly filters: readonly HttpFilter[];
  /** The application behind an inbound chain speaks HTTP/2 without being asked. */
  readonly isHttp2: boolean;
  /** An HTTP proxy: it is asked for whole URLs, and leaves `Expect: 100-continue` to Envoy. */
  readonly isProxy: boolean;
}

/** The filter that turns a connection into HTTP requests. */
export function httpConnectionManager(chain: HttpChain, settings: HttpSettings): Filter {
  const { headers, tracing, accessLog } = settings;
  return networkFilter('envoy.filters.network.http_connection_manager', HttpConnectionManagerSchema, {
    statPrefix: chain.statPrefix,
    routeSpecifier: routeSpecifier(chain.route),
    httpFilters: [...chain.filters],
    ...(tracing && { tracing }),
    accessLog: [...accessLog],
    ...protocolOptions(chain, settings),
    ...serverHeader(chain.direction, headers),
    ...clientCertificateHeader(chain.direction, settings),
    ...(chain.direction === 'gateway' && { xffNumTrustedHops: settings.gatewayTopology?.numTrustedProxies ?? 0 }),
    ...pathNormalization(settings.pathNormalization),
    ...(headers.requestId?.disabled === true && { generateRequestId: false }),
    ...(headers.xForwardedPort?.enabled === true && { appendXForwardedPort: true }),
    streamIdleTimeout: seconds(0),
    useRemoteAddress: chain.direction === 'gateway',
    proxy100Continue: !chain.isProxy,
    upgradeConfigs: [{ upgradeType: 'websocket' }],
    requestIdExtension: {
      typedConfig: pack(UuidRequestIdConfigSchema, create(UuidRequestIdConfigSchema, { useRequestIdForTraceSampling: true })),
    },
  });
}

function routeSpecifier(route: string | RouteConfiguration): NonNullable<ManagerInit['routeSpecifier']> {
  if (typeof route !== 'string') return { case: 'routeConfig', value: route };
  const configSource = {
    configSourceSpecifier: { case: 'ads' as const, value: {} },
    initialFetchTimeout: seconds(0),
    resourceApiVersion: ApiVersion.V3,
  };
  return { case: 'rds', value: { configSource, routeConfigName: route } };
}

function protocolOptions({ direction, isHttp2, isProxy }: HttpChain, { acceptsHttp10, idleTimeout, headers }: HttpSettings) {
  const idle = idleTimeout === '' ? undefined : durationOf(idleTimeout);
  const http1: MessageInitShape<typeof Http1ProtocolOptionsSchema> = {
    ...(isProxy && { allowAbsoluteUrl: true }),
    ...(acceptsHttp10 && { acceptHttp10: true }),
    ...(headers.preserveHttp1HeaderCase === true && { headerKeyFormat: preservedCase() }),
  };
  return {
    ...(isHttp2 && { http2ProtocolOptions: {} }),
    ...((direction === 'gateway' || Object.keys(http1).length > 0) && { httpProtocolOptions: http1 }),
    ...(idle && { commonHttpProtocolOptions: { idleTimeout: idle } }),
  };
}

/** HTTP/1 headers keep the case that they came with. */
export function preservedCase(): MessageInitShape<typeof Http1ProtocolOptionsSchema>['headerKeyFormat'] {
  const typedConfig = pack(PreserveCaseFormatterConfigSchema, create(PreserveCaseFormatterConfigSchema));
  return { headerFormat: { case: 'statefulFormatter', value: { name: 'preserve_case', typedConfig } } };
}

/** The `server` response header. Callers see what the called side answered, so only the mesh's own answers name Istio. */
function serverHeader(direction: HttpChain['direction'], { server }: HttpSettings['headers']) {
  if (server?.disabled === true) {
    return { serverHeaderTransformation: HttpConnectionManager_ServerHeaderTransformation.PASS_THROUGH };
  }
  if (server?.value !== undefined && server.value !== '') return { serverName: server.value };
  return direction === 'outbound' ? {} : { serverName: 'istio-envoy' };
}

/** What the `x-forwarded-client-cert` header tells the application about the caller. */
function clientCertificateHeader(direction: Direction, settings: HttpSettings) {
  if (direction === 'outbound') return {};
  const { setCurrentClientCertDetails: details } = settings.headers;
  return {
    forwardClientCertDetails: HttpConnectionManager_ForwardClientCertDetails[forwardedCertificate(direction, settings)],
    setCurrentClientCertDetails: {
      subject: details?.subject ?? true,
      dns: details?.dns ?? true,
      uri: details?.uri ?? true,
      cert: details?.cert ?? direction === 'gateway',
      chain: details?.chain ?? false,
    },
  };
}

/** A gateway does not believe what callers say of themselves, unless its topology or headers are set otherwise. */
function forwardedCertificate(direction: Direction, { headers, gatewayTopology }: HttpSettings): ForwardedCertificate {
  const ofTopology = direction === 'gateway' ? gatewayTopology?.forwardClientCertDetails : undefined;
  return set(headers.forwardedClientCert) ?? set(ofTopology) ?? (direction === 'gateway' ? 'SANITIZE_SET' : 'APPEND_FORWARD');
}

type ForwardedCertificate = Exclude<NonNullable<NonNullable<ProxyConfig['proxyHeaders']>['forwardedClientCert']>, 'UNDEFINED'>;

function set(choice: ForwardedCertificate | 'UNDEFINED' | undefined): ForwardedCertificate | undefined {
  return choice === 'UNDEFINED' ? undefined : choice;
}

/** @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ProxyPathNormalization-NormalizationType */
function pathNormalization(kind: HttpSettings['pathNormalization']) {
  const { KEEP_UNCHANGED, UNESCAPE_AND_FORWARD } = HttpConnectionManager_PathWithEscapedSlashesAction;
  return {
    normalizePath: kind !== 'NONE',
    ...((kind === 'MERGE_SLASHES' || kind === 'DECODE_AND_MERGE_SLASHES') && { mergeSlashes: true }),
    pathWithEscapedSlashesAction: kind === 'DECODE_AND_MERGE_SLASHES' ? UNESCAPE_AND_FORWARD : KEEP_UNCHANGED,
  };
}
