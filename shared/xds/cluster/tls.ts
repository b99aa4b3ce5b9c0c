/** Transport sockets towards endpoints: Istio's mutual TLS by itself, what a DestinationRule asks for, or none. */

import { create } from '@bufbuild/protobuf';
import { Cluster_TransportSocketMatchSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { type TransportSocket, TransportSocketSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import { ProxyProtocolConfig_Version } from '../../gen/envoy/config/core/v3/proxy_protocol_pb.js';
import { ProxyProtocolUpstreamTransportSchema } from '../../gen/envoy/extensions/transport_sockets/proxy_protocol/v3/upstream_proxy_protocol_pb.js';
import { RawBufferSchema } from '../../gen/envoy/extensions/transport_sockets/raw_buffer/v3/raw_buffer_pb.js';
import { pack } from '../../lib/protobuf.ts';
import type { CertificateFiles } from '../../model/index.ts';
import { certificateFile, meshRoots, rootFile, workloadCertificate } from '../tls/sds.ts';
import type { ClusterInit } from './base.ts';
import { exactNames, type TlsChoice, type TlsSettings, tlsParams, tlsSocket } from './tls-socket.ts';
import { userTls } from './user-tls.ts';

/** The parts of a cluster that TLS makes. */
export interface ClusterTls {
  readonly sockets: Pick<ClusterInit, 'transportSocket' | 'transportSocketMatches'>;
  /** Options by which the server name follows the request. */
  readonly upstream?: { readonly autoSni: boolean; readonly autoSanValidation?: boolean };
  /** The service has TLS of its own, whose ALPN Istio leaves alone. */
  readonly isUserTls: boolean;
}

export function clusterTls(choice: TlsChoice): ClusterTls {
  const { settings, clientCertificate: files } = choice;
  if (settings === undefined) return { sockets: choice.isAutomatic ? automatic(choice) : plain(choice), isUserTls: false };
  switch (settings.mode ?? 'DISABLE') {
    case 'DISABLE':
      return { sockets: plain(choice), isUserTls: false };
    case 'SIMPLE':
      return withUserTls(settings, choice);
    case 'ISTIO_MUTUAL':
      if (files !== undefined) return { ...withUserTls(withFiles(settings, files), choice), isUserTls: false };
      return { sockets: { transportSocket: wrapped(mutualTls(choice), choice) }, isUserTls: false };
    default:
      return withUserTls(files === undefined ? settings : withFiles(settings, files), choice);
  }
}

function withUserTls(settings: TlsSettings, choice: TlsChoice): ClusterTls {
  const { socket, upstream } = userTls(settings, choice);
  return {
    sockets: socket === undefined ? plain(choice) : { transportSocket: wrapped(socket, choice) },
    ...(upstream && { upstream }),
    isUserTls: true,
  };
}

/** A proxy with certificate files of its own shows those, whatever a rule for mutual TLS says; of the rule the names are left. */
function withFiles({ sni, subjectAltNames }: TlsSettings, { chain, key, root }: CertificateFiles): TlsSettings {
  return {
    mode: 'MUTUAL',
    clientCertificate: chain,
    privateKey: key,
    caCertificates: root,
    ...(sni !== undefined && { sni }),
    ...(subjectAltNames && { subjectAltNames }),
  };
}

function automatic(choice: TlsChoice): ClusterTls['sockets'] {
  if (!choice.endpointsChoose || choice.clientCertificate !== undefined) return { transportSocket: wrapped(mutualTls(choice), choice) };
  const istio = create(Cluster_TransportSocketMatchSchema, {
    name: 'tlsMode-istio',
    match: { tlsMode: 'istio' },
    transportSocket: wrapped(mutualTls(choice), choice),
  });
  const disabled = create(Cluster_TransportSocketMatchSchema, {
    name: 'tlsMode-disabled',
    match: {},
    transportSocket: wrapped(rawBuffer(), choice),
  });
  return { transportSocketMatches: [istio, disabled] };
}

/** No socket at all is the plain one, unless a header has to go before it. */
function plain(choice: TlsChoice): ClusterTls['sockets'] {
  return choice.proxyProtocol === undefined ? {} : { transportSocket: wrapped(rawBuffer(), choice) };
}

function rawBuffer(): TransportSocket {
  return create(TransportSocketSchema, {
    name: 'envoy.transport_sockets.raw_buffer',
    configType: { case: 'typedConfig', value: pack(RawBufferSchema, create(RawBufferSchema)) },
  });
}

/**
 * Istio's own mutual TLS; with certificate files of the proxy's disk instead of the agent's certificate where the proxy names some. Istio
 * compatibility: then its peers are not told that it is Istio's.
 */
function mutualTls({ settings, isHttp2, serverName, meshNames, clientCertificate: files }: TlsChoice): TransportSocket {
  const names = settings?.subjectAltNames !== undefined && settings.subjectAltNames.length > 0 ? settings.subjectAltNames : meshNames;
  return tlsSocket({
    sni: settings?.sni !== undefined && settings.sni !== '' ? settings.sni : serverName,
    commonTlsContext: {
      tlsParams,
      tlsCertificateSdsSecretConfigs: [files ? certificateFile(files.chain, files.key) : workloadCertificate()],
      validationContextType: {
        case: 'combinedValidationContext',
        value: {
          defaultValidationContext: exactNames(names),
          validationContextSdsSecretConfig: files && files.root !== '' ? rootFile(files.root) : meshRoots(),
        },
      },
      alpnProtocols: [...(files ? [] : ['istio-peer-exchange', 'istio']), ...(isHttp2 ? ['h2'] : [])],
    },
  });
}

/** Begins the connection with a PROXY header, if the rule asks for one. */
function wrapped(transportSocket: TransportSocket, { proxyProtocol }: TlsChoice): TransportSocket {
  if (proxyProtocol === undefined) return transportSocket;
  const version = proxyProtocol.version === 'V2' ? ProxyProtocolConfig_Version.V2 : ProxyProtocolConfig_Version.V1;
  const value = pack(
    ProxyProtocolUpstreamTransportSchema,
    create(ProxyProtocolUpstreamTransportSchema, { config: { version }, transportSocket }),
  );
  return create(TransportSocketSchema, {
    name: 'envoy.transport_sockets.upstream_proxy_protocol',
    configType: { case: 'typedConfig', value },
  });
}
