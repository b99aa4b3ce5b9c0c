import type { Container, EnvVar, PodSpec } from '../../kube/pod.ts';
import { ok, type Result } from '../../lib/result.ts';
import { proxyContainer } from '../annotation-names.ts';
import { rootCertificateEnvironment, rootCertificateMount, rootCertificateVolume } from '../root-certificate.ts';
import * as environment from './environment.ts';
import type { PodOverlay, TemplateInput, VolumeOverlay } from './input.ts';
import { canonicalLabels, defaultContainerAnnotations, revisionAnnotation } from './metadata.ts';
import * as proxy from './proxy-container.ts';
import { checkInput } from './raw-text.ts';
import * as volumes from './volumes.ts';

/**
 * The stock `gateway` template: the proxy is the pod's purpose, so nothing is intercepted and resources are the deployment's own.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/gateway/
 */
export function gateway(input: TemplateInput): Result<PodOverlay> {
  const problem = checkInput(input);
  if (problem) return problem;
  return ok({
    metadata: {
      labels: canonicalLabels(input),
      annotations: { ...revisionAnnotation(input), ...defaultContainerAnnotations(input) },
    },
    spec: {
      securityContext: podSecurityContext(input),
      containers: [gatewayContainer(input)],
      volumes: gatewayVolumes(input),
      ...volumes.pullSecrets(input),
    },
  });
}

/** Without root, ports below 1024 have to be open to everybody in the pod. */
function podSecurityContext({ values }: TemplateInput): NonNullable<PodSpec['securityContext']> {
  const given = values.gatewaySecurityContext ?? { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] };
  return { ...given, ...(values.gatewaySeccompProfile && { seccompProfile: values.gatewaySeccompProfile }) };
}

function gatewayContainer(input: TemplateInput): Container {
  const { lifecycle, readinessInitialDelaySeconds, readinessPeriodSeconds, readinessFailureThreshold } = input.values.proxy;
  return {
    name: proxyContainer,
    image: proxy.proxyImage(input),
    ...proxy.pullPolicy(input),
    ports: [{ containerPort: 15090, protocol: 'TCP', name: 'http-envoy-prom' }],
    args: proxy.proxyArguments(input, 'router'),
    ...(lifecycle && { lifecycle }),
    env: gatewayEnvironment(input),
    readinessProbe: {
      ...proxy.readinessProbe(input),
      initialDelaySeconds: Number(readinessInitialDelaySeconds),
      periodSeconds: Number(readinessPeriodSeconds),
      failureThreshold: Number(readinessFailureThreshold),
    },
    securityContext: { runAsUser: input.proxyIds.uid, runAsGroup: input.proxyIds.gid },
    volumeMounts: [
      volumes.workloadSocketMount,
      volumes.credentialSocketMount,
      volumes.workloadCertificatesMount(input),
      ...rootCertificateMount(input.rootCertificate, input.values),
      volumes.dataMount,
      { name: 'istio-envoy', mountPath: '/etc/istio/proxy' },
      volumes.tokenMount,
      ...volumes.mtlsCertificatesMount(input),
      volumes.podInfoMount,
    ],
  };
}

function gatewayEnvironment(input: TemplateInput): readonly EnvVar[] {
  return [
    ...environment.certificateAuthority(input),
    ...rootCertificateEnvironment(input.rootCertificate),
    ...environment.podIdentity,
    environment.limitVariable('ISTIO_CPU_LIMIT', 'limits.cpu'),
    environment.proxyConfigVariable(input),
    environment.podPorts(input),
    environment.limitVariable('GOMEMLIMIT', 'limits.memory'),
    ...environment.compliance(input),
    environment.appContainers(input),
    environment.clusterId(input),
    environment.nodeName,
    environment.variable('ISTIO_META_INTERCEPTION_MODE', input.proxyConfig.interceptionMode ?? 'REDIRECT'),
    ...environment.network(input),
    ...environment.workload(input, input.owner.name),
    ...environment.meshIdentity(input),
    ...environment.otelResource(input),
    ...environment.proxyMetadata(input),
  ];
}

function gatewayVolumes(input: TemplateInput): readonly VolumeOverlay[] {
  return [
    volumes.unsetVolume('workload-socket'),
    volumes.emptyVolume('credential-socket'),
    volumes.workloadCertificates(input, volumes.emptyVolume),
    volumes.memoryVolume('istio-envoy'),
    volumes.emptyVolume('istio-data'),
    volumes.podInfo,
    volumes.token(input),
    ...rootCertificateVolume(input.rootCertificate, input.values),
    ...volumes.mtlsCertificates(input),
  ];
}
