/** Labels that users give to workloads. Istio allows upper case in the prefix of a key. */

import { error, type Findings, memberPath } from './finding.ts';
import { quoted } from './go-quote.ts';

const name = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const prefix = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)*$/;
const maxNameLength = 63;
const maxPrefixLength = 253;

/** What is wrong with keys and values, in the field of that name. Istio calls them tags. */
export function* checkLabels(field: string, labels: Readonly<Record<string, string>> | undefined): Findings {
  for (const [key, value] of Object.entries(labels ?? {})) {
    const path = memberPath(field, key);
    if (!isLabelKey(key)) yield { ...error('label-key', path, `invalid tag key: ${quoted(key)}`), isCounted: true };
    if (value !== '' && !name.test(value)) {
      yield { ...error('label-value', path, `invalid tag value: ${quoted(value)}`), isCounted: true };
    }
  }
}

function isLabelKey(key: string): boolean {
  const slash = key.lastIndexOf('/');
  const hasPrefix = slash !== -1;
  const last = key.slice(slash + 1);
  if (last.length > maxNameLength || !name.test(last)) return false;
  return !hasPrefix || (slash <= maxPrefixLength && prefix.test(key.slice(0, slash)));
}
