import type { Container, EnvVar } from '../../kube/pod.ts';
import { ok, type Result } from '../../lib/result.ts';
import { annotation, proxyContainer } from '../annotation-names.ts';
import { rootCertificateEnvironment, rootCertificateMount, rootCertificateVolume } from '../root-certificate.ts';
import * as environment from './environment.ts';
import { annotationOr, applicationContainers, hasAnnotation, type PodOverlay, type TemplateInput, type VolumeOverlay } from './input.ts';
import { canonicalLabels, defaultContainerAnnotations, revisionAnnotation } from './metadata.ts';
import * as proxy from './proxy-container.ts';
import { checkInput } from './raw-text.ts';
import * as volumes from './volumes.ts';

/**
 * The stock `grpc-agent` template: an agent without Envoy, which gives gRPC libraries of the application a bootstrap file, configuration over
 * a socket, and certificates.
 *
 * @see https://istio.io/latest/blog/2021/proxyless-grpc/
 */
export function grpcAgent(input: TemplateInput): Result<PodOverlay> {
  const problem = checkInput(input);
  if (problem) return problem;
  return ok({
    metadata: {
      labels: canonicalLabels(input),
      annotations: {
        ...revisionAnnotation(input),
        ...defaultContainerAnnotations(input),
        // Nothing intercepts, so the kubelet reaches the application as it is.
        [annotation.rewriteAppHttpProbers]: 'false',
      },
    },
    spec: {
      // The agent stands first in the status annotation; where it runs is decided when containers are put in order.
      containers: [agentContainer(input), ...applicationContainers(input).map((container) => applicationContainer(input, container))],
      volumes: agentVolumes(input),
      ...volumes.pullSecrets(input),
    },
  });
}

const bootstrapMount = { name: 'istio-xds', mountPath: '/etc/istio/proxy' };

function applicationContainer(input: TemplateInput, { name }: Container): Container {
  return {
    ...(name !== undefined && { name }),
    env: [
      environment.variable('GRPC_XDS_EXPERIMENTAL_SECURITY_SUPPORT', 'true'),
      environment.variable('GRPC_XDS_BOOTSTRAP', '/etc/istio/proxy/grpc-bootstrap.json'),
    ],
    volumeMounts: [volumes.dataMount, bootstrapMount, volumes.workloadCertificatesMount(input)],
  };
}

function agentContainer(input: TemplateInput): Container {
  const port = proxy.statusPort(input);
  return {
    name: proxyContainer,
    image: proxy.proxyImage(input),
    ...proxy.pullPolicy(input),
    ports: [{ containerPort: 15020, protocol: 'TCP', name: 'mesh-metrics' }],
    args: proxy.proxyArguments(input, 'sidecar'),
    lifecycle: input.values.proxy.lifecycle ?? {
      postStart: { exec: { command: ['pilot-agent', 'wait', `--url=http://localhost:${port}/healthz/ready`] } },
    },
    env: agentEnvironment(input),
    ...(port !== '0' && { readinessProbe: proxy.readinessProbe(input, Number(port)) }),
    resources: proxy.resources(input),
    volumeMounts: [
      volumes.workloadSocketMount,
      volumes.workloadCertificatesMount(input),
      ...rootCertificateMount(input.rootCertificate, input.values),
      volumes.dataMount,
      bootstrapMount,
      volumes.tokenMount,
      ...volumes.mtlsCertificatesMount(input),
      volumes.podInfoMount,
      ...(volumes.userVolumeMounts(input) ?? []),
    ],
  };
}

function agentEnvironment(input: TemplateInput): readonly EnvVar[] {
  return [
    environment.variable('ISTIO_META_GENERATOR', 'grpc'),
    environment.variable('OUTPUT_CERTS', volumes.dataMount.mountPath ?? ''),
    ...(input.inboundTrafficPolicyMode === 'localhost' ? [environment.variable('REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION', 'true')] : []),
    ...environment.certificateAuthority(input),
    ...rootCertificateEnvironment(input.rootCertificate),
    ...environment.podIdentity,
    environment.proxyConfigVariable(input),
    environment.podPorts(input),
    environment.appContainers(input),
    ...environment.compliance(input),
    environment.clusterId(input),
    environment.nodeName,
    ...environment.network(input),
    ...environment.workload(input, input.owner.name),
    ...environment.meshIdentity(input),
    ...environment.otelResource(input),
    ...environment.proxyMetadata(input),
    // An `xds:///` name needs no address of its own.
    environment.variable('ISTIO_META_DNS_CAPTURE', 'false'),
    environment.variable('DISABLE_ENVOY', 'true'),
  ];
}

function agentVolumes(input: TemplateInput): readonly VolumeOverlay[] {
  return [
    volumes.unsetVolume('workload-socket'),
    volumes.workloadCertificates(input, volumes.unsetVolume),
    ...(hasAnnotation(input, annotation.bootstrapOverride)
      ? [{ name: 'custom-bootstrap-volume', configMap: { name: annotationOr(input, annotation.bootstrapOverride, '') } }]
      : []),
    volumes.memoryVolume('istio-xds'),
    volumes.emptyVolume('istio-data'),
    volumes.podInfo,
    volumes.token(input),
    ...rootCertificateVolume(input.rootCertificate, input.values),
    ...volumes.mtlsCertificates(input),
    ...(volumes.userVolumes(input) ?? []),
  ];
}
