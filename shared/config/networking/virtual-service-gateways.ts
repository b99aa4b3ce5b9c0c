/** Gateways that a VirtualService or one of its matches is for: `NAMESPACE/NAME`, a name of the own namespace, or `mesh` for sidecars. */

import { domainNameProblem, isDnsLabel } from '../../lib/dns-name.ts';
import { error, errorIf, type Findings, warning } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';

/** Istiod makes VirtualServices from routes of Gateway API; names of its Gateways are free. */
export type GatewayNaming = 'Istio' | 'Gateway API';

export function* checkGatewayNames(names: readonly string[] = [], naming: GatewayNaming): Findings {
  for (const [index, name] of names.entries()) {
    const path = `gateways[${index}]`;
    if (!name.includes('/')) {
      yield* checkPlainName(path, name);
      // Istio compatibility: those behind it are not looked at.
      return;
    }
    yield* checkFullName(path, name, naming);
  }
}

function* checkPlainName(path: string, name: string): Findings {
  if (name.includes('.')) {
    const [first = '', second = ''] = name.split('.');
    const better = quoted(`${second}/${first}`);
    const message = `using legacy gatewayName format ${quoted(name)}; prefer the <namespace>/<name> format: ${better}`;
    yield warning('gateway-name-legacy', path, message);
  }
  yield* errorIf('gateway-name', path, domainNameProblem(name));
}

function* checkFullName(path: string, text: string, naming: GatewayNaming): Findings {
  const slash = text.indexOf('/');
  const [namespace, name] = [text.slice(0, slash), text.slice(slash + 1)];
  if (namespace === '' || name === '') yield error('gateway-name', path, 'config namespace and gateway name cannot be empty');
  if (!isDnsLabel(namespace)) yield error('gateway-name', path, `invalid value for namespace: ${quoted(namespace)}`);
  if (!isDnsLabel(name) && naming === 'Istio') yield error('gateway-name', path, `invalid value for gateway name: ${quoted(name)}`);
}
