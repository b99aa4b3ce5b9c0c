/** One rule of an AuthorizationPolicy. Fields in the order of the .proto file. */

import { at, each, error, type Findings } from '../../lib/finding.ts';
import { type InferMessage, list, message, string } from '../../lib/message.ts';
import { checkAttribute } from './authorization-policy-attribute.ts';
import {
  checkIpBlocks,
  checkNonEmptyValues,
  checkPathTemplates,
  checkPorts,
  checkServiceAccounts,
  checkTrustDomains,
} from './authorization-policy-values.ts';

const name = 'istio.security.v1beta1';

const source = message(`${name}.Source`, {
  principals: list(string),
  notPrincipals: list(string),
  requestPrincipals: list(string),
  notRequestPrincipals: list(string),
  namespaces: list(string),
  notNamespaces: list(string),
  serviceAccounts: list(string),
  notServiceAccounts: list(string),
  trustDomains: list(string),
  notTrustDomains: list(string),
  ipBlocks: list(string),
  notIpBlocks: list(string),
  remoteIpBlocks: list(string),
  notRemoteIpBlocks: list(string),
});
type Source = InferMessage<typeof source>;

const operation = message(`${name}.Operation`, {
  hosts: list(string),
  notHosts: list(string),
  ports: list(string),
  notPorts: list(string),
  methods: list(string),
  notMethods: list(string),
  paths: list(string),
  notPaths: list(string),
});
type Operation = InferMessage<typeof operation>;

const condition = message(`${name}.Condition`, { key: string, values: list(string), notValues: list(string) });
type Condition = InferMessage<typeof condition>;

/** One `from`, one `to` and all of `when` must hold. */
export const authorizationRule = message(`${name}.Rule`, {
  from: list(message(`${name}.Rule.From`, { source })),
  to: list(message(`${name}.Rule.To`, { operation })),
  when: list(condition),
});
export type AuthorizationRule = InferMessage<typeof authorizationRule>;

/** Paths from the rule; the index is that in its policy, which messages name. */
export function* checkAuthorizationRule({ from, to, when }: AuthorizationRule, index: number): Findings {
  yield* each('from', from, ({ source: given }) => checkSource(given, index));
  yield* each('to', to, ({ operation: given }) => checkOperation(given, index));
  yield* each('when', when, checkCondition);
}

type Values = Readonly<Record<string, readonly string[] | undefined>>;
type CheckValues = (values: readonly string[], name: string) => Findings;

/** Rules of lists, by field, in the order of their messages. */
type ValueRules = Readonly<Record<string, readonly CheckValues[]>>;

const ipBlocks = [checkIpBlocks, checkNonEmptyValues];
const sourceRules: ValueRules = {
  ipBlocks,
  notIpBlocks: ipBlocks,
  remoteIpBlocks: ipBlocks,
  notRemoteIpBlocks: ipBlocks,
  principals: [checkNonEmptyValues],
  notPrincipals: [checkNonEmptyValues],
  requestPrincipals: [checkNonEmptyValues],
  notRequestPrincipals: [checkNonEmptyValues],
  namespaces: [checkNonEmptyValues],
  notNamespaces: [checkNonEmptyValues],
  serviceAccounts: [checkServiceAccounts],
  notServiceAccounts: [checkServiceAccounts],
  trustDomains: [checkTrustDomains],
  notTrustDomains: [checkTrustDomains],
};

function* checkSource(given: Source | undefined, index: number): Findings {
  const problem = partProblem(given);
  if (problem !== undefined) yield error('from-empty', 'source', `\`from.source\` must not be ${problem}, found at rule ${index}`);
  if (given === undefined) return;
  const hasAccounts = hasAny(given, ['serviceAccounts', 'notServiceAccounts']);
  if (hasAccounts && hasAny(given, ['principals', 'notPrincipals', 'namespaces', 'notNamespaces'])) {
    const message = `cannot set serviceAccounts with namespaces or principals, found at rule ${index}`;
    yield error('service-accounts-exclusive', 'source', message);
  }
  yield* at('source', checkLists(given, sourceRules));
}

const ports = [checkPorts, checkNonEmptyValues];
const paths = [checkNonEmptyValues, checkPathTemplates];
const operationRules: ValueRules = {
  ports,
  notPorts: ports,
  hosts: [checkNonEmptyValues],
  notHosts: [checkNonEmptyValues],
  methods: [checkNonEmptyValues],
  notMethods: [checkNonEmptyValues],
  paths,
  notPaths: paths,
};

function* checkOperation(given: Operation | undefined, index: number): Findings {
  const problem = partProblem(given);
  if (problem !== undefined) yield error('to-empty', 'operation', `\`to.operation\` must not be ${problem}, found at rule ${index}`);
  yield* at('operation', checkLists(given ?? {}, operationRules));
}

/** A part that asks for nothing is taken for a mistake. */
function partProblem(part: Values | undefined): string | undefined {
  if (part === undefined) return 'nil';
  return hasAny(part, Object.keys(part)) ? undefined : 'empty';
}

function hasAny(part: Values, fields: readonly string[]): boolean {
  return fields.some((field) => (part[field] ?? []).length > 0);
}

function* checkLists(part: Values, rules: ValueRules): Findings {
  for (const [field, checks] of Object.entries(rules)) {
    const name = field.charAt(0).toUpperCase() + field.slice(1);
    for (const check of checks) yield* at(field, check(part[field] ?? [], name));
  }
}

function* checkCondition({ key = '', values = [], notValues = [] }: Condition): Findings {
  if (key === '') {
    yield error('when-key', 'key', '`key` must not be empty');
    return;
  }
  if (values.length === 0 && notValues.length === 0) {
    yield error('when-values', '', `at least one of \`values\` or \`notValues\` must be set for key ${key}`);
    return;
  }
  yield* at('values', checkAttribute(key, values, 'value'));
  yield* at('notValues', checkAttribute(key, notValues, 'notValue'));
}

/** Connections that are no HTTP are matched by these alone. */
const tcpSource = [
  'principals',
  'notPrincipals',
  'ipBlocks',
  'notIpBlocks',
  'namespaces',
  'notNamespaces',
  'remoteIpBlocks',
  'notRemoteIpBlocks',
  'serviceAccounts',
  'notServiceAccounts',
];

/** Whether a DENY rule speaks of HTTP only: on a TCP port it then denies everything, because what cannot be told is denied. */
export function deniesAllTcp({ from = [], to = [] }: AuthorizationRule): boolean {
  if (to.length > 0) return to.some(({ operation: given = {} }) => !hasAny(given, ['ports', 'notPorts']));
  return from.length > 0 && from.some(({ source: given = {} }) => !hasAny(given, tcpSource));
}
