import type { ProxyConfig } from '../config/mesh/proxy-config.ts';
import { decode } from '../kube/decode.ts';
import { type Pod, pod as podSchema } from '../kube/pod.ts';
import type { Owner } from '../kube/pod-owner.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { annotation, label } from './annotation-names.ts';
import { checkAnnotations } from './check-annotations.ts';
import type { InjectorConfig } from './config.ts';
import { imageOf } from './image.ts';
import { followProxyUser } from './init-user.ts';
import type { MergedPod } from './lay-over.ts';
import { renderAndMerge } from './merge.ts';
import { movesToInitContainers, usesNativeSidecar } from './native.ts';
import { defaultProxyIds, openshiftProxyIds, type ProxyIds } from './openshift.ts';
import { type Overrides, readOverrides, reapplyOverrides } from './overrides.ts';
import { postProcess } from './post-process.ts';
import { rootCertificateMode } from './root-certificate.ts';
import { type InjectionStatus, readStatus } from './status.ts';
import { strippedPod } from './strip.ts';
import type { TemplateInput } from './template/index.ts';
import { chooseTemplates } from './template-choice.ts';

/** A pod that shall be injected, with what its surroundings say. */
export interface PodInjection {
  /** Decoded, with its namespace. */
  readonly pod: Pod;
  readonly owner: Owner;
  /** From the webhook's path; empty elsewhere. */
  readonly pathEnvironment: ReadonlyMap<string, string>;
  /** With all layers that apply to this pod. */
  readonly proxyConfig: ProxyConfig;
}

const clusterVariable = 'ISTIO_META_CLUSTER_ID';
const networkVariable = 'ISTIO_META_NETWORK';

/** Gives a pod its sidecars: the injected pod, or the message that refuses it. Pure; the order of the steps is Istio's. */
export function injectPod(injection: PodInjection, config: InjectorConfig): Result<Pod> {
  const { pod } = injection;
  const rendered = renderPod(injection, config);
  if (!rendered.ok) return inStage('failed to run injection template', rendered);
  const { overrides, status, result } = rendered.value;
  const given = { original: pod, overrides, status };
  const reapplied = reapplyOverrides(result, given);
  if (!reapplied.ok) return inStage('failed to re apply container', reapplied);
  const followed = followProxyUser(reapplied.value, given, injection.proxyConfig.interceptionMode ?? '');
  const environment = clusterEnvironment(injection, config);
  const processed = postProcess({ pod: followed, template: result.template, environment }, config);
  if (!processed.ok) return inStage('failed to process pod', processed);
  return decode<Pod>(processed.value, podSchema, { zeros: 'drop', known: reapplied.value });
}

interface RenderedPod {
  readonly overrides: Overrides;
  readonly status: InjectionStatus | undefined;
  readonly result: MergedPod;
}

/** All that can refuse a pod before it is changed, then the templates laid over it. */
function renderPod(injection: PodInjection, config: InjectorConfig): Result<RenderedPod> {
  const { pod } = injection;
  const problem = checkAnnotations(pod.metadata?.annotations ?? {});
  if (problem !== undefined) return fail(problem);
  const overrides = readOverrides(pod);
  if (!overrides.ok) return overrides;
  const templates = chooseTemplates(pod, config);
  if (!templates.ok) return templates;
  const status = readStatus(pod);
  const native = usesNativeSidecar(config.settings.nativeSidecars, pod, config.clusterFacts);
  const stripped = strippedPod(pod, status, overrides.value, statusPortOf(config));
  const input = templateInput({ ...injection, pod: stripped }, config, native);
  const result = renderAndMerge(pod, templates.value, input, { movesProxy: movesToInitContainers(pod, native) });
  return result.ok ? ok({ overrides: overrides.value, status, result: result.value }) : result;
}

/** A failure with the stage in front, as Istio's users know it. */
function inStage(stage: string, failure: { readonly ok: false; readonly error: string }): Result<never> {
  return fail(`${stage}: ${failure.error}`);
}

function statusPortOf(config: InjectorConfig): number {
  return config.mesh.defaultConfig?.statusPort ?? 15020;
}

/** What the proxy shall know of its cluster: the path outranks values, the pod's own network label outranks both. */
function clusterEnvironment({ pod, pathEnvironment }: PodInjection, { values }: InjectorConfig): ReadonlyMap<string, string> {
  const environment = new Map(pathEnvironment);
  const cluster = pathEnvironment.get(clusterVariable) || values.global.clusterName;
  const network = pod.metadata?.labels?.[label.network] || pathEnvironment.get(networkVariable) || values.global.network;
  if (cluster) environment.set(clusterVariable, cluster);
  if (network) environment.set(networkVariable, network);
  return environment;
}

function templateInput({ pod, owner, proxyConfig }: PodInjection, config: InjectorConfig, nativeSidecars: boolean): TemplateInput {
  const { values, mesh, settings, revision } = config;
  const { hub, tag, variant, proxyInitImage } = values.global;
  const wantedType = pod.metadata?.annotations?.[annotation.proxyImageType];
  return {
    pod,
    owner,
    proxyConfig,
    mesh,
    values,
    revision,
    nativeSidecars,
    proxyImage: imageOf({ hub, name: values.proxy.image, tag }, wantedType ?? (proxyConfig.image?.imageType || variant)),
    proxyInitImage: imageOf({ hub, name: proxyInitImage, tag }, wantedType ?? variant),
    proxyIds: proxyIds(pod, config),
    inboundTrafficPolicyMode: mesh.inboundTrafficPolicy?.mode === 'LOCALHOST' ? 'localhost' : 'passthrough',
    rootCertificate: rootCertificateMode(settings.rootCertificate, values),
    compliancePolicy: settings.compliancePolicy,
  };
}

function proxyIds(pod: Pod, { settings, clusterFacts }: InjectorConfig): ProxyIds {
  if (settings.platform !== 'openshift') return defaultProxyIds;
  return openshiftProxyIds(clusterFacts.namespaceAnnotations[pod.metadata?.namespace ?? ''] ?? {});
}
