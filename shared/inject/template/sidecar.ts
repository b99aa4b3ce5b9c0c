import type { Container, EnvVar, Lifecycle, SecurityContext } from '../../kube/pod.ts';
import type { Result } from '../../lib/result.ts';
import { ok } from '../../lib/result.ts';
import { annotation, label, proxyContainer } from '../annotation-names.ts';
import { templateNativeSidecar } from '../native.ts';
import { rootCertificateEnvironment, rootCertificateMount, rootCertificateVolume } from '../root-certificate.ts';
import { cniAnnotations } from './cni.ts';
import * as environment from './environment.ts';
import { annotationOr, firstLabel, hasAnnotation, type PodOverlay, type TemplateInput, type VolumeOverlay } from './input.ts';
import { interception, interceptionMode, isTproxy } from './interception.ts';
import { canonicalLabels, defaultContainerAnnotations, revisionAnnotation } from './metadata.ts';
import * as proxy from './proxy-container.ts';
import { checkInput } from './raw-text.ts';
import { datadogEnvironment, lightstepMount, lightstepVolume } from './tracing.ts';
import * as volumes from './volumes.ts';

/**
 * The stock `sidecar` template: interception set up by an init container (or checked, where a CNI plugin sets it up), and a proxy beside the
 * application.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
 */
export function sidecar(input: TemplateInput): Result<PodOverlay> {
  const problem = checkInput(input);
  if (problem) return problem;
  const isNative = templateNativeSidecar(input.pod, input.nativeSidecars);
  const init = interception(input);
  const container = sidecarContainer(input, isNative);
  return ok({
    metadata: { labels: labels(input), annotations: annotations(input) },
    spec: {
      ...(isNative
        ? { initContainers: [...init, { ...container, restartPolicy: 'Always' }] }
        : { initContainers: init, containers: [container] }),
      volumes: sidecarVolumes(input),
      ...volumes.pullSecrets(input),
    },
  });
}

function labels(input: TemplateInput): Readonly<Record<string, string>> {
  const usesTunnel = input.proxyConfig.proxyMetadata?.['ISTIO_META_ENABLE_HBONE'] === 'true';
  return {
    [label.tlsMode]: firstLabel(input, label.tlsMode) ?? 'istio',
    ...(usesTunnel && { [label.tunnel]: firstLabel(input, label.tunnel) ?? 'http' }),
    ...canonicalLabels(input),
  };
}

function annotations(input: TemplateInput): Readonly<Record<string, string>> {
  return { ...revisionAnnotation(input), ...defaultContainerAnnotations(input), ...cniAnnotations(input) };
}

function sidecarContainer(input: TemplateInput, isNative: boolean): Container {
  const lifecycle = lifecycleOf(input, isNative);
  const { startupProbe } = input.values.proxy;
  const isProbed = proxy.statusPort(input) !== '0';
  return {
    name: proxyContainer,
    image: proxy.proxyImage(input),
    ...proxy.pullPolicy(input),
    ports: [{ containerPort: 15090, protocol: 'TCP', name: 'http-envoy-prom' }],
    args: proxy.proxyArguments(input, 'sidecar'),
    ...(lifecycle && { lifecycle }),
    env: sidecarEnvironment(input),
    ...(isProbed && startupProbe && { startupProbe: proxy.startupProbe(input) }),
    ...(isProbed && { readinessProbe: proxy.readinessProbe(input) }),
    securityContext: securityContext(input),
    resources: proxy.resources(input),
    volumeMounts: [
      volumes.workloadSocketMount,
      volumes.credentialSocketMount,
      volumes.workloadCertificatesMount(input),
      ...rootCertificateMount(input.rootCertificate, input.values),
      { name: 'istio-ca-crl', mountPath: '/var/run/secrets/istio/crl' },
      volumes.dataMount,
      ...(hasAnnotation(input, annotation.bootstrapOverride)
        ? [{ name: 'custom-bootstrap-volume', mountPath: '/etc/istio/custom-bootstrap' }]
        : []),
      { name: 'istio-envoy', mountPath: '/etc/istio/proxy' },
      volumes.tokenMount,
      ...volumes.mtlsCertificatesMount(input),
      volumes.podInfoMount,
      ...lightstepMount(input),
      ...(volumes.userVolumeMounts(input) ?? []),
    ],
  };
}

/** Values decide; else the application is held back, or a native proxy is told to drain before it gets its signal. */
function lifecycleOf(input: TemplateInput, isNative: boolean): Lifecycle | undefined {
  const given = input.values.proxy.lifecycle;
  if (given) return given as Lifecycle;
  if (!isNative) return proxy.holdsApplication(input) ? { postStart: { exec: { command: ['pilot-agent', 'wait'] } } } : undefined;
  return { preStop: { exec: { command: ['pilot-agent', 'request', `--debug-port=${proxy.statusPort(input)}`, 'POST', 'drain'] } } };
}

function sidecarEnvironment(input: TemplateInput): readonly EnvVar[] {
  return [
    ...(input.inboundTrafficPolicyMode === 'localhost' ? [environment.variable('REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION', 'true')] : []),
    ...environment.certificateAuthority(input),
    ...rootCertificateEnvironment(input.rootCertificate),
    ...environment.podIdentity,
    environment.limitVariable('ISTIO_CPU_LIMIT', 'limits.cpu'),
    environment.proxyConfigVariable(input),
    environment.podPorts(input),
    environment.appContainers(input),
    environment.limitVariable('GOMEMLIMIT', 'limits.memory'),
    ...environment.compliance(input),
    environment.clusterId(input),
    environment.nodeName,
    environment.variable('ISTIO_META_INTERCEPTION_MODE', interceptionMode(input)),
    ...environment.network(input),
    ...environment.workload(input, firstLabel(input, label.workloadName) ?? input.owner.name),
    ...(hasAnnotation(input, annotation.bootstrapOverride)
      ? [environment.variable('ISTIO_BOOTSTRAP_OVERRIDE', '/etc/istio/custom-bootstrap/custom_bootstrap.json')]
      : []),
    ...environment.meshIdentity(input),
    ...datadogEnvironment(input),
    ...environment.otelResource(input),
    ...environment.proxyMetadata(input),
  ];
}

/** As little as possible; TPROXY and ports below 1024 need root with one capability each, tracing of iptables needs all. */
function securityContext(input: TemplateInput): SecurityContext {
  const seccompProfile = input.values.proxy.seccompProfile;
  return { ...capabilities(input), readOnlyRootFilesystem: true, ...(seccompProfile && { seccompProfile }) };
}

function capabilities(input: TemplateInput): SecurityContext {
  const { uid, gid } = input.proxyIds;
  if (input.proxyConfig.proxyMetadata?.['IPTABLES_TRACE_LOGGING'] === 'true') {
    const all = { allowPrivilegeEscalation: true, privileged: true, runAsNonRoot: false, runAsUser: 0, runAsGroup: gid };
    return { ...all, capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] } };
  }
  const add = [
    ...(isTproxy(input) ? ['NET_ADMIN'] : []),
    ...(annotationOr(input, annotation.capNetBindService, 'false') === 'true' ? ['NET_BIND_SERVICE'] : []),
  ];
  const user =
    add.length > 0 ? { runAsNonRoot: false, runAsUser: 0, runAsGroup: 1337 } : { runAsNonRoot: true, runAsUser: uid, runAsGroup: gid };
  const { privileged } = input.values.proxy;
  return { allowPrivilegeEscalation: privileged, privileged, capabilities: { ...(add.length > 0 && { add }), drop: ['ALL'] }, ...user };
}

function sidecarVolumes(input: TemplateInput): readonly VolumeOverlay[] {
  return [
    volumes.unsetVolume('workload-socket'),
    volumes.unsetVolume('credential-socket'),
    volumes.workloadCertificates(input, volumes.unsetVolume),
    ...(hasAnnotation(input, annotation.bootstrapOverride)
      ? [{ name: 'custom-bootstrap-volume', configMap: { name: annotationOr(input, annotation.bootstrapOverride, '') } }]
      : []),
    volumes.memoryVolume('istio-envoy'),
    volumes.emptyVolume('istio-data'),
    volumes.podInfo,
    volumes.token(input),
    ...rootCertificateVolume(input.rootCertificate, input.values),
    { name: 'istio-ca-crl', configMap: { name: 'istio-ca-crl', optional: true } },
    ...volumes.mtlsCertificates(input),
    ...(volumes.userVolumes(input) ?? []),
    ...lightstepVolume(input),
  ];
}
