import type { Operation } from 'fast-json-patch';
import { decode } from '../kube/decode.ts';
import { type Pod, pod as podSchema } from '../kube/pod.ts';
import { findOwner } from '../kube/pod-owner.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { InjectorConfig } from './config.ts';
import { type Decision, decide } from './decide.ts';
import { injectPod } from './inject-pod.ts';
import { withoutInheritedProxyUser } from './openshift.ts';
import { diff } from './patch.ts';
import { environmentFromPath } from './path.ts';
import { effectiveProxyConfig } from './proxy-config.ts';

/** What an admission request asks. */
export interface InjectRequest {
  /** `request.object`, as parsed; taken for a Pod whatever it says it is. */
  readonly object: unknown;
  /** `request.namespace`; the pod's own one outranks it. */
  readonly namespace: string;
  /** Path of the webhook's URL, percent-decoded. */
  readonly path: string;
}

/** What to answer: a patch, nothing to do, or a refusal. */
export type InjectAnswer =
  | { readonly kind: 'injected'; readonly decision: Decision; readonly patch: readonly Operation[]; readonly pod: Pod }
  | { readonly kind: 'skipped'; readonly decision: Decision }
  | { readonly kind: 'failed'; readonly decision?: Decision; readonly error: string };

export interface Injector {
  readonly config: InjectorConfig;
  inject(request: InjectRequest): InjectAnswer;
}

/** Injection as a function of its configuration: no state, no clock, nothing read. */
export function createInjector(config: InjectorConfig): Injector {
  return { config, inject: (request) => inject(request, config) };
}

function inject(request: InjectRequest, config: InjectorConfig): InjectAnswer {
  const decoded = decodePod(request.object);
  if (!decoded.ok) return { kind: 'failed', error: decoded.error };
  const given = decoded.value;
  const namespace = given.metadata?.namespace || request.namespace;
  const before: Pod = { ...given, metadata: { ...given.metadata, ...(namespace && { namespace }) } };
  const decision = decide(before, config);
  if (!decision.inject) return { kind: 'skipped', decision };
  const pod = config.settings.platform === 'openshift' ? withoutInheritedProxyUser(before) : before;
  const injected = injectPod(
    {
      pod,
      owner: findOwner(pod),
      pathEnvironment: environmentFromPath(request.path),
      proxyConfig: effectiveProxyConfig(pod, { mesh: config.mesh, resources: config.proxyConfigs }),
    },
    config,
  );
  if (!injected.ok) return { kind: 'failed', decision, error: injected.error };
  const after = withNamespaceOf(given, injected.value);
  return { kind: 'injected', decision, patch: diff(given, after, podSchema), pod: after };
}

/** Istio's message for an object that is not there is that of a decoder with nothing to read. */
function decodePod(object: unknown): Result<Pod> {
  if (object === undefined || object === null) return fail('unexpected end of JSON input');
  const decoded = decode<Pod>(object, podSchema, { zeros: 'drop' });
  if (!decoded.ok) return decoded;
  if (!decoded.value.metadata?.managedFields) return decoded;
  const { managedFields: _managed, ...metadata } = decoded.value.metadata;
  return ok({ ...decoded.value, metadata });
}

/** The API server sets the namespace of a pod that has none; a patch that does so would only be in its way. */
function withNamespaceOf(given: Pod, injected: Pod): Pod {
  if (given.metadata?.namespace !== undefined) return injected;
  const { namespace: _filled, ...metadata } = injected.metadata ?? {};
  return { ...injected, metadata };
}
