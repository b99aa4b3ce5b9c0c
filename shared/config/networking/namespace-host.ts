/** Hosts with the namespace that they are taken from: `NAMESPACE/HOST`, as Gateways and Sidecars write them. */

import { isDnsLabel, partialWildcardProblem, wildcardDomainProblem } from '../../lib/dns-name.ts';
import { error, errorIf, type Findings } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { isIpAddress } from '../../lib/ip-address.ts';

/** In a Gateway the namespace may be missing, and the host an address. Gateways that istiod made from Gateway API may name no namespace at all. */
export type HostPlace = 'gateway' | 'gateway of Gateway API' | 'sidecar';

export function* checkNamespaceHost(path: string, text: string, place: HostPlace): Findings {
  const slash = text.indexOf('/');
  if (slash === -1) {
    if (place === 'sidecar') yield error('host-form', path, 'host must be of form namespace/dnsName');
    else yield* checkHost(path, text, place);
    return;
  }
  const [namespace, host] = [text.slice(0, slash), text.slice(slash + 1)];
  if (namespace === '' || host === '') yield error('host-empty', path, 'config namespace and dnsName in host entry cannot be empty');
  yield* errorIf('host-namespace', path, namespaceProblem(namespace, place));
  yield* checkHost(path, host, place);
}

function namespaceProblem(namespace: string, place: HostPlace): string | undefined {
  if (place === 'sidecar') {
    // What begins with `~` is left out of the import; alone it means that nothing is imported.
    const name = namespace.startsWith('~') ? namespace.slice(1) : namespace;
    const isGood = name === '' || isAnyNamespace(name) || isDnsLabel(name);
    return isGood ? undefined : `invalid namespace value ${quoted(namespace)} in sidecar`;
  }
  const isNone = namespace === '~' && place === 'gateway of Gateway API';
  return isNone || isAnyNamespace(namespace) || isDnsLabel(namespace)
    ? undefined
    : `invalid namespace value ${quoted(namespace)} in gateway`;
}

function isAnyNamespace(namespace: string): boolean {
  return namespace === '*' || namespace === '.';
}

function* checkHost(path: string, host: string, place: HostPlace): Findings {
  if (host !== '*' && !host.includes('.')) yield error('host-short', path, 'short names (non FQDN) are not allowed');
  const problem = wildcardDomainProblem(host);
  // Istio compatibility: a Sidecar is told twice.
  if (place === 'sidecar') yield* errorIf('host', path, problem);
  if (!isIpAddress(host)) yield* errorIf('host', path, problem);
  yield* errorIf('host-partial-wildcard', path, partialWildcardProblem(host));
}
