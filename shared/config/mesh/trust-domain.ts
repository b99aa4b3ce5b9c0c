import { isDnsLabel } from '../../lib/dns-name.ts';
import { quoted } from '../../lib/go-quote.ts';

/** What keeps the text from being a trust domain, the authority of SPIFFE ids; undefined for a good one. */
export function trustDomainProblem(name: string): string | undefined {
  if (name === '') return 'empty domain name not allowed';
  // One dot at the end is part of the name.
  const labels = (name.endsWith('.') ? name.slice(0, -1) : name).split('.');
  return labels.every(isDnsLabel) ? undefined : `trust domain name ${quoted(name)} invalid`;
}
