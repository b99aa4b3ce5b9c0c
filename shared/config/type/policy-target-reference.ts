import { at, each, error, type Findings } from '../../lib/finding.ts';
import { type InferMessage, message, string } from '../../lib/message.ts';
import { checkWorkloadSelector, type WorkloadSelector } from './workload-selector.ts';

/** An object that a policy is attached to. @see https://istio.io/latest/docs/reference/config/type/workload-selector/#PolicyTargetReference */
export const policyTargetReference = message('istio.type.v1beta1.PolicyTargetReference', {
  /** Empty for core. */
  group: string,
  kind: string,
  name: string,
  namespace: string,
});
export type PolicyTargetReference = InferMessage<typeof policyTargetReference>;

/** What policies are for: some workloads, or some objects; never both. */
export interface PolicyTarget {
  readonly selector?: WorkloadSelector;
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs?: readonly PolicyTargetReference[];
}

/** Rules that all policies have in common. */
export function* checkPolicyTarget({ selector, targetRef, targetRefs = [] }: PolicyTarget): Findings {
  const ways = [selector, targetRef, targetRefs[0]].filter((way) => way !== undefined);
  if (ways.length > 1) yield error('target-ambiguous', '', 'only one of targetRefs or workloadSelector can be set');
  yield* at('selector', checkWorkloadSelector(selector));
  if (targetRef) yield* at('targetRef', checkReference(targetRef));
  yield* each('targetRefs', targetRefs, checkReference);
}

/** Versions as Istio's message tells them. */
const allowed = [
  { group: 'core', version: 'v1', kind: 'Service' },
  { group: 'networking.istio.io', version: 'v1', kind: 'ServiceEntry' },
  { group: 'gateway.networking.k8s.io', version: 'v1', kind: 'Gateway' },
  { group: 'gateway.networking.k8s.io', version: 'v1', kind: 'GatewayClass' },
];
const allowedText = allowed.map(({ group, version, kind }) => `${group}/${version}/${kind}`).join(' ');

function* checkReference({ group = '', kind = '', name = '', namespace = '' }: PolicyTargetReference): Findings {
  if (name === '') yield error('target-name', 'name', 'targetRef name must be set');
  if (namespace !== '') {
    yield error('target-namespace', 'namespace', 'targetRef namespace must not be set; cross namespace referencing is not supported');
  }
  if (allowed.some((target) => target.group === (group || 'core') && target.kind === kind)) return;
  yield error('target-kind', 'kind', `targetRef must be to one of [${allowedText}] but was ${group}/${kind}`);
}
