import { type LabelSelector, selects } from '../kube/label-selector.ts';
import type { Pod } from '../kube/pod.ts';
import { annotation, label } from './annotation-names.ts';

/** Why a pod was, or was not, injected: logged, counted and shown by `pilotless inject --explain`. */
export type Reason =
  | 'host-network'
  | 'system-namespace'
  | 'label'
  | 'annotation'
  | 'never-inject-selector'
  | 'always-inject-selector'
  | 'policy-enabled'
  | 'policy-disabled'
  | 'policy-unknown';

export interface Decision {
  readonly inject: boolean;
  readonly reason: Reason;
}

/** `policy` and selectors of the injector's configuration. */
export interface InjectPolicy {
  readonly policy: string;
  readonly neverInjectSelector: readonly LabelSelector[];
  readonly alwaysInjectSelector: readonly LabelSelector[];
}

/** Namespaces in which Istio never injects. istio-system is not one of them. */
const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

type Rule = (pod: Pod, config: InjectPolicy) => Decision | undefined;

/** The first rule that has an opinion decides; with none of them the policy does. */
const rules: readonly Rule[] = [
  // Such a pod shares the node's network: interception would redirect the node.
  hostNetwork,
  // A cluster must be able to start without the mesh.
  systemNamespace,
  // With another text than `enabled` or `disabled` nothing is injected, whatever the pod asks.
  unknownPolicy,
  // A label is what webhook selectors can see, so it outranks the annotation, even if it is nonsense.
  ownWish,
  neverSelector,
  alwaysSelector,
];

/** Decides whether a pod gets sidecars. The labels of its namespace are the webhook configuration's business, not ours. */
export function decide(pod: Pod, config: InjectPolicy): Decision {
  for (const rule of rules) {
    const decision = rule(pod, config);
    if (decision) return decision;
  }
  return policyDefault(config);
}

function hostNetwork(pod: Pod): Decision | undefined {
  return pod.spec?.hostNetwork === true ? { inject: false, reason: 'host-network' } : undefined;
}

function systemNamespace(pod: Pod): Decision | undefined {
  return systemNamespaces.has(pod.metadata?.namespace ?? '') ? { inject: false, reason: 'system-namespace' } : undefined;
}

function unknownPolicy(_pod: Pod, config: InjectPolicy): Decision | undefined {
  return config.policy === 'enabled' || config.policy === 'disabled' ? undefined : { inject: false, reason: 'policy-unknown' };
}

/** Exactly `true` or `false` decides; anything else asks for the default. */
function ownWish(pod: Pod): Decision | undefined {
  const fromLabel = pod.metadata?.labels?.[label.inject];
  const wish = fromLabel ?? pod.metadata?.annotations?.[annotation.inject];
  if (wish !== 'true' && wish !== 'false') return undefined;
  return { inject: wish === 'true', reason: fromLabel === undefined ? 'annotation' : 'label' };
}

function neverSelector(pod: Pod, config: InjectPolicy): Decision | undefined {
  return matchesAny(config.neverInjectSelector, pod) ? { inject: false, reason: 'never-inject-selector' } : undefined;
}

function alwaysSelector(pod: Pod, config: InjectPolicy): Decision | undefined {
  return matchesAny(config.alwaysInjectSelector, pod) ? { inject: true, reason: 'always-inject-selector' } : undefined;
}

function policyDefault(config: InjectPolicy): Decision {
  return config.policy === 'enabled' ? { inject: true, reason: 'policy-enabled' } : { inject: false, reason: 'policy-disabled' };
}

/** An empty or invalid selector matches nothing here. */
function matchesAny(selectors: readonly LabelSelector[], pod: Pod): boolean {
  return selectors.some((selector) => selects(selector, pod.metadata?.labels ?? {}));
}
