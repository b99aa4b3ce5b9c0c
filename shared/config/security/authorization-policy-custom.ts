import { error, type Findings } from '../../lib/finding.ts';
import type { AuthorizationRule } from './authorization-policy-rule.ts';

/** Attributes that the proxy does not know yet where it asks somebody else, as messages name them. */
const unsupportedFields = {
  namespaces: 'Namespaces',
  notNamespaces: 'NotNamespaces',
  serviceAccounts: 'ServiceAccounts',
  notServiceAccounts: 'NotServiceAccounts',
  trustDomains: 'TrustDomains',
  notTrustDomains: 'NotTrustDomains',
  principals: 'Principals',
  notPrincipals: 'NotPrincipals',
  requestPrincipals: 'RequestPrincipals',
  notRequestPrincipals: 'NotRequestPrincipals',
} as const;

const unsupportedKeys: ReadonlySet<string> = new Set([
  'source.namespace',
  'source.serviceAccount',
  'source.trustDomain',
  'source.principal',
]);
const unsupportedPrefix = 'request.auth.';

/** What a rule with action CUSTOM must not ask for. Paths from the rule. */
export function* checkCustomRule({ from = [], when = [] }: AuthorizationRule): Findings {
  for (const [index, { source = {} }] of from.entries()) {
    for (const [field, name] of entries(unsupportedFields)) {
      if ((source[field] ?? []).length > 0) yield unsupported(`from[${index}].source.${field}`, `From.${name} is`);
    }
  }
  for (const [index, { key = '' }] of when.entries()) {
    if (unsupportedKeys.has(key) || key.startsWith(unsupportedPrefix)) yield unsupported(`when[${index}].key`, `${key} is`);
  }
}

function unsupported(path: string, what: string) {
  return error('custom-unsupported', path, `${what} currently not supported with CUSTOM action`);
}

function entries<T extends object>(table: T): readonly (readonly [keyof T, T[keyof T]])[] {
  return Object.entries(table) as [keyof T, T[keyof T]][];
}
