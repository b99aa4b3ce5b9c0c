import { create } from '@bufbuild/protobuf';
import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import type { TrafficPolicy } from '../../config/networking/destination-rule.ts';
import { type TransportSocket, TransportSocketSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import { TlsParameters_TlsProtocol } from '../../gen/envoy/extensions/transport_sockets/tls/v3/common_pb.js';
import { UpstreamTlsContextSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/tls_pb.js';
import { pack } from '../../lib/protobuf.ts';
import type { CertificateFiles } from '../../model/index.ts';
import type { Init } from '../init.ts';

/** TLS settings of a rule. */
export type TlsSettings = NonNullable<TrafficPolicy['tls']>;

/** What decides about a cluster's transport sockets. */
export interface TlsChoice {
  /** Absent where the rule says nothing. */
  readonly settings: TlsSettings | undefined;
  /** Whether Istio's mutual TLS is used where the endpoint has it. */
  readonly isAutomatic: boolean;
  /** Without a registry's endpoints there is nothing to choose by: one socket for all. */
  readonly endpointsChoose: boolean;
  readonly isHttp2: boolean;
  /** Server name by which Istio's mutual TLS names the cluster. */
  readonly serverName: string;
  /** Names that Istio's own certificates of the service carry. */
  readonly meshNames: readonly string[];
  /** Names that a ServiceEntry gives for certificates of others. */
  readonly serviceNames: readonly string[];
  readonly clientCertificate: CertificateFiles | undefined;
  /** Whether credentials may come from Kubernetes secrets: only for rules that select their workloads. */
  readonly mayUseSecrets: boolean;
  readonly proxyProtocol: TrafficPolicy['proxyProtocol'];
  /** Of the mesh, for TLS that is not its own. */
  readonly tlsDefaults: MeshConfig['tlsDefaults'];
}

/** Versions of TLS towards endpoints. */
export const tlsParams = {
  tlsMinimumProtocolVersion: TlsParameters_TlsProtocol.TLSv1_2,
  tlsMaximumProtocolVersion: TlsParameters_TlsProtocol.TLSv1_3,
};

/** A peer must show one of these names. */
export function exactNames(names: readonly string[]): { matchSubjectAltNames: { matchPattern: { case: 'exact'; value: string } }[] } {
  return { matchSubjectAltNames: names.map((value) => ({ matchPattern: { case: 'exact', value } })) };
}

export function tlsSocket(context: Init<typeof UpstreamTlsContextSchema>): TransportSocket {
  const value = pack(UpstreamTlsContextSchema, create(UpstreamTlsContextSchema, context));
  return create(TransportSocketSchema, { name: 'envoy.transport_sockets.tls', configType: { case: 'typedConfig', value } });
}
