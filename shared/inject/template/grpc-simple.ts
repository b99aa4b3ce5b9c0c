import { ok, type Result } from '../../lib/result.ts';
import { annotation } from '../annotation-names.ts';
import { fieldVariable, variable } from './environment.ts';
import type { PodOverlay, TemplateInput } from './input.ts';

const dataVolume = 'grpc-io-proxyless-bootstrap';
const dataDirectory = '/var/lib/grpc/data/';
const dataMount = { name: dataVolume, mountPath: dataDirectory };

/** The bootstrap file of a gRPC client. `'${NAME}'` leaves the shell's single quotes, so that the shell fills it in. */
const bootstrap = `{
  "xds_servers": [
    {
      "server_uri": "'\${SERVER_URI}'",
      "channel_creds": [{"type": "insecure"}],
      "server_features" : ["xds_v3"]
    }
  ],
  "node": {
    "id": "'\${NODE_ID}'",
    "metadata": {
      "GENERATOR": "grpc"
    }
  }
}`;

const script = [
  'NODE_ID="sidecar~${INSTANCE_IP}~${POD_NAME}.${POD_NAMESPACE}~cluster.local"',
  'SERVER_URI="dns:///istiod.${ISTIO_NAMESPACE}.svc:15010"',
  `echo '\n${bootstrap}' > ${dataDirectory}bootstrap.json`,
].join('\n');

/**
 * The stock `grpc-simple` template: an init container writes the bootstrap file, and the application's gRPC library talks to the control
 * plane itself, in plain text. For trying things out.
 */
export function grpcSimple({ pod, values }: TemplateInput): Result<PodOverlay> {
  return ok({
    metadata: { annotations: { [annotation.rewriteAppHttpProbers]: 'false' } },
    spec: {
      initContainers: [
        {
          name: 'grpc-bootstrap-init',
          image: 'busybox:1.28',
          volumeMounts: [dataMount],
          env: [
            fieldVariable('INSTANCE_IP', 'status.podIP'),
            fieldVariable('POD_NAME', 'metadata.name'),
            fieldVariable('POD_NAMESPACE', 'metadata.namespace'),
            variable('ISTIO_NAMESPACE', `${values.global.istioNamespace}\n`),
          ],
          command: ['sh', '-c', script],
        },
      ],
      containers: (pod.spec?.containers ?? []).map(({ name }) => ({
        ...(name !== undefined && { name }),
        env: [
          variable('GRPC_XDS_BOOTSTRAP', `${dataDirectory}bootstrap.json`),
          variable('GRPC_GO_LOG_VERBOSITY_LEVEL', '99'),
          variable('GRPC_GO_LOG_SEVERITY_LEVEL', 'info'),
        ],
        volumeMounts: [dataMount],
      })),
      volumes: [{ name: dataVolume, emptyDir: {} }],
    },
  });
}
