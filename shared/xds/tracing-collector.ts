import type { ExtensionProvider } from '../config/mesh/extension-provider.ts';
import { HeaderValueOption_HeaderAppendAction } from '../gen/envoy/config/core/v3/base_pb.js';
import type { GrpcServiceSchema } from '../gen/envoy/config/core/v3/grpc_service_pb.js';
import type { HttpServiceSchema } from '../gen/envoy/config/core/v3/http_service_pb.js';
import type { Scope } from '../model/index.ts';
import { durationOf, seconds } from './duration.ts';
import type { Init } from './init.ts';
import { outboundClusterName } from './names.ts';

/** A service of the mesh that takes spans. */
export interface Collector {
  readonly host: string;
  readonly cluster: string;
}

/** Undefined for a service that does not exist. */
export function collectorAt(
  { service = '', port = 0 }: { readonly service?: string; readonly port?: number },
  { providerHost }: Pick<Scope, 'providerHost'>,
): Collector | undefined {
  const host = providerHost(service);
  return host === undefined ? undefined : { host, cluster: outboundClusterName(host, port) };
}

export type GrpcService = Init<typeof GrpcServiceSchema>;
export type HttpService = Init<typeof HttpServiceSchema>;
type Headers = NonNullable<NonNullable<ExtensionProvider['zipkin']>['headers']>;

export function grpcCollector({ host, cluster }: Collector): GrpcService {
  return { targetSpecifier: { case: 'envoyGrpc', value: { clusterName: cluster, authority: host } } };
}

/** Envoy insists on a timeout. */
const defaultTimeoutSeconds = 5;

export function httpCollector(
  { cluster }: Collector,
  uri: string,
  { timeout, headers = [] }: { readonly timeout?: string; readonly headers?: Headers },
): HttpService {
  const longest = timeout === undefined ? seconds(defaultTimeoutSeconds) : durationOf(timeout);
  return {
    httpUri: { uri, httpUpstreamType: { case: 'cluster', value: cluster }, ...(longest && { timeout: longest }) },
    requestHeadersToAdd: headerValues(headers).map((header) => ({
      header,
      appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
    })),
  };
}

/** Values from istiod's own environment (`envName`) are empty: there is no istiod. */
export function headerValues(headers: Headers): readonly { readonly key: string; readonly value: string }[] {
  return headers.map(({ name = '', value = '' }) => ({ key: name, value }));
}
