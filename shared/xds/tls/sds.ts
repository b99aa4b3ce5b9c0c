import { create } from '@bufbuild/protobuf';
import { ApiConfigSource_ApiType, ApiVersion } from '../../gen/envoy/config/core/v3/config_source_pb.js';
import { type SdsSecretConfig, SdsSecretConfigSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
import { secretResourceName } from '../../model/index.ts';
import { seconds } from '../duration.ts';

/** Bootstrap cluster behind which the proxy's own agent hands out its certificate and files of its disk. */
const agentCluster = 'sds-grpc';

/** The workload's own certificate. Envoy waits for it however long the agent takes. */
export function workloadCertificate(): SdsSecretConfig {
  return fromAgent('default', true);
}

/** The roots that peers of the mesh are checked against. */
export function meshRoots(): SdsSecretConfig {
  return fromAgent('ROOTCA', true);
}

/** A certificate and its key on the proxy's disk. */
export function certificateFile(chain: string, key: string): SdsSecretConfig {
  return fromAgent(`file-cert:${chain}~${key}`, false);
}

/** Roots on the proxy's disk; `system` stands for those of its operating system. */
export function rootFile(path: string): SdsSecretConfig {
  return fromAgent(`file-root:${path}`, false);
}

/** A Kubernetes secret, which the control plane itself hands out. A name of another scheme stays as it is. */
export function controlPlaneSecret(credentialName: string): SdsSecretConfig {
  return create(SdsSecretConfigSchema, {
    name: secretResourceName(credentialName),
    sdsConfig: { configSourceSpecifier: { case: 'ads', value: {} }, resourceApiVersion: ApiVersion.V3 },
  });
}

function fromAgent(name: string, waits: boolean): SdsSecretConfig {
  return create(SdsSecretConfigSchema, {
    name,
    sdsConfig: {
      configSourceSpecifier: {
        case: 'apiConfigSource',
        value: {
          apiType: ApiConfigSource_ApiType.GRPC,
          transportApiVersion: ApiVersion.V3,
          grpcServices: [{ targetSpecifier: { case: 'envoyGrpc', value: { clusterName: agentCluster } } }],
          setNodeOnFirstMessageOnly: true,
        },
      },
      ...(waits && { initialFetchTimeout: seconds(0) }),
      resourceApiVersion: ApiVersion.V3,
    },
  });
}
