/** `AuthorizationPolicy`: who may do what. Fields in the order of the .proto file. */

import { at, each, error, type Findings, memberPath, warning } from '../../lib/finding.ts';
import { enumeration, type InferMessage, list, message, oneof, string } from '../../lib/message.ts';
import type { ConfigKind, ObjectMeta } from '../kind.ts';
import { checkPolicyTarget, policyTargetReference } from '../type/policy-target-reference.ts';
import { workloadSelector } from '../type/workload-selector.ts';
import { checkCustomRule } from './authorization-policy-custom.ts';
import { type AuthorizationRule, authorizationRule, checkAuthorizationRule, deniesAllTcp } from './authorization-policy-rule.ts';

const name = 'istio.security.v1beta1.AuthorizationPolicy';

/** @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#AuthorizationPolicy */
export const authorizationPolicy = message(name, {
  selector: workloadSelector,
  targetRef: policyTargetReference,
  targetRefs: list(policyTargetReference),
  /** One of them must hold. None at all: nothing matches; an empty one matches everything. */
  rules: list(authorizationRule),
  /** @default ALLOW */
  action: enumeration(`${name}.Action`, ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']),
  ...oneof('ActionDetail', {
    /** Who decides in place of `CUSTOM`. */
    provider: message(`${name}.ExtensionProvider`, { name: string }),
  }),
});
export type AuthorizationPolicy = InferMessage<typeof authorizationPolicy>;

export const authorizationPolicyKind: ConfigKind<AuthorizationPolicy> = {
  group: 'security.istio.io',
  kind: 'AuthorizationPolicy',
  schema: authorizationPolicy,
  checkDryRun,
  checkSpec: checkAuthorizationPolicy,
};

const dryRun = 'istio.io/dry-run';
const booleans: ReadonlySet<string> = new Set('1 t T TRUE true True 0 f F FALSE false False'.split(' '));

/** Trying a policy without effect. */
function* checkDryRun({ action = 'ALLOW' }: AuthorizationPolicy, { name: object, namespace, annotations }: ObjectMeta): Findings {
  const path = memberPath('metadata.annotations', dryRun);
  if (action !== 'ALLOW' && action !== 'DENY') {
    const found = `found action ${action} in ${namespace}/${object}`;
    yield error('dry-run-action', path, `the annotation ${dryRun} currently only supports action ALLOW/DENY, ${found}`);
  }
  const value = annotations[dryRun] ?? '';
  if (booleans.has(value)) return;
  const cause = `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
  yield error('dry-run-value', path, `${namespace}/${object} has annotation ${dryRun} with invalid value (${value}): ${cause}`);
}

/** Every error is told with the name of the policy. */
function* checkAuthorizationPolicy(policy: AuthorizationPolicy, { name: object, namespace }: ObjectMeta): Findings {
  for (const finding of checkPolicy(policy)) {
    const isError = finding.severity === 'error';
    yield isError ? { ...finding, message: `invalid policy ${object}.${namespace}: ${finding.message}` } : finding;
  }
}

function* checkPolicy(policy: AuthorizationPolicy): Findings {
  const { action = 'ALLOW', rules = [], provider } = policy;
  yield* checkPolicyTarget(policy);
  if (action === 'CUSTOM') yield* checkCustom(policy);
  else if (provider !== undefined) {
    yield error('provider-not-custom', 'provider', `\`provider\` must not be with non CUSTOM action, found ${action}`);
  }
  if (action === 'DENY' && rules.length === 0) yield withoutRules(action);
  for (const [index, rule] of rules.entries()) {
    yield* at(`rules[${index}]`, checkAuthorizationRule(rule, index));
    if (action === 'DENY' && deniesAllTcp(rule)) yield warning('deny-all-tcp', `rules[${index}]`, allTcpDenied);
  }
}

const allTcpDenied =
  'configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due to the use of only HTTP attributes in a DENY rule; ' +
  'it is recommended to explicitly specify the port';

function* checkCustom({ rules = [], provider }: AuthorizationPolicy): Findings {
  if (rules.length === 0) {
    yield withoutRules('CUSTOM');
    return;
  }
  if (!provider?.name) yield error('provider-name', 'provider.name', '`provider.name` must not be empty');
  yield* each<AuthorizationRule>('rules', rules, checkCustomRule);
}

function withoutRules(action: string) {
  const remedy = 'add an empty rule `{}` if you want it be triggered for every request';
  return error('no-rules', 'rules', `${action} action without \`rules\` is meaningless as it will never be triggered, ${remedy}`);
}
