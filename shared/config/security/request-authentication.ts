/** `RequestAuthentication`: which tokens workloads accept. Fields in the order of the .proto file. */

import { each, type Findings } from '../../lib/finding.ts';
import { type InferMessage, list, message } from '../../lib/message.ts';
import type { ConfigKind } from '../kind.ts';
import { checkPolicyTarget, policyTargetReference } from '../type/policy-target-reference.ts';
import { workloadSelector } from '../type/workload-selector.ts';
import { checkJwtRule, jwtRule } from './jwt-rule.ts';

/** @see https://istio.io/latest/docs/reference/config/security/request_authentication/#RequestAuthentication */
export const requestAuthentication = message('istio.security.v1beta1.RequestAuthentication', {
  selector: workloadSelector,
  targetRef: policyTargetReference,
  targetRefs: list(policyTargetReference),
  jwtRules: list(jwtRule),
});
export type RequestAuthentication = InferMessage<typeof requestAuthentication>;

export const requestAuthenticationKind: ConfigKind<RequestAuthentication> = {
  group: 'security.istio.io',
  kind: 'RequestAuthentication',
  schema: requestAuthentication,
  checkSpec: checkRequestAuthentication,
};

function* checkRequestAuthentication(spec: RequestAuthentication): Findings {
  yield* checkPolicyTarget(spec);
  for (const finding of each('jwtRules', spec.jwtRules, checkJwtRule)) yield { ...finding, isCounted: true };
}
