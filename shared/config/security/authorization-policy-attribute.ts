import { errorListText } from '../../lib/error-list.ts';
import { error, type Findings } from '../../lib/finding.ts';
import { checkIpBlocks, checkNonEmptyValues, checkPorts, checkServiceAccounts, checkTrustDomains } from './authorization-policy-values.ts';

type CheckAttribute = (values: readonly string[], key: string) => Findings;

/** Attributes by their whole name; without a rule any value will do. @see https://istio.io/latest/docs/reference/config/security/conditions/ */
const attributes: Readonly<Record<string, CheckAttribute | undefined>> = {
  'source.ip': listed(checkIpBlocks),
  'remote.ip': listed(checkIpBlocks),
  'source.namespace': undefined,
  'source.serviceAccount': checkServiceAccounts,
  'source.trustDomain': checkTrustDomains,
  'source.principal': undefined,
  'request.auth.principal': undefined,
  'request.auth.audiences': undefined,
  'request.auth.presenter': undefined,
  'destination.ip': listed(checkIpBlocks),
  'destination.port': listed(checkPorts),
  'connection.sni': undefined,
  'destination.namespace': refused((key) => `attribute ${key} is replaced by the metadata.namespace`),
  'destination.name': refused((key) => `deprecated attribute ${key}: only supported in v1alpha1`),
  'destination.user': refused((key) => `deprecated attribute ${key}: only supported in v1alpha1`),
};

/** Attributes that begin with one of these. */
const families: readonly { readonly prefix: string; readonly check: CheckAttribute }[] = [
  { prefix: 'request.headers', check: checkMapKey },
  { prefix: 'request.auth.claims', check: checkMapKey },
  { prefix: 'experimental.envoy.filters.', check: checkMapKey },
  { prefix: 'destination.labels', check: refused((key) => `attribute ${key} is replaced by the workload selector`) },
];

/** Values of a condition; only the first problem is told. `which` is the field as messages name it, paths from that list. */
export function* checkAttribute(key: string, values: readonly string[], which: 'value' | 'notValue'): Findings {
  for (const finding of attributeFindings(key, values)) {
    yield { ...finding, message: `invalid \`${which}\` for \`key\` ${key}: ${finding.message}` };
    return;
  }
}

function* attributeFindings(key: string, values: readonly string[]): Findings {
  yield* checkNonEmptyValues(values, key);
  const family = families.find(({ prefix }) => key.startsWith(prefix));
  if (family) yield* family.check(values, key);
  else if (!Object.hasOwn(attributes, key)) yield error('attribute-unknown', '', `unknown attribute: ${key}`);
  else yield* attributes[key]?.(values, key) ?? [];
}

function refused(message: (key: string) => string): CheckAttribute {
  return (_values, key) => [error('attribute-refused', '', message(key))];
}

/** Istio compatibility: here problems of several values are one text of several lines. */
function listed(check: (values: readonly string[]) => Findings): CheckAttribute {
  return function* (values) {
    const [first, ...others] = check(values);
    if (first) yield { ...first, message: errorListText([first, ...others].map(({ message }) => message)) };
  };
}

/** Istio compatibility: of the form only the bracket is looked at, so that `request.headersX[a]` is taken. */
function* checkMapKey(_values: readonly string[], key: string): Findings {
  const open = key.indexOf('[');
  if (key.endsWith(']') && open > 0 && open < key.length - 2) return;
  yield error('attribute-form', '', `bad key (${key}): should have format a[b]`);
}
