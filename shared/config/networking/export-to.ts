/** In which namespaces an object has effect. */

import { isDnsLabel } from '../../lib/dns-name.ts';
import { error, type Findings } from '../../lib/finding.ts';

/** What the kind allows: a service of a ServiceEntry may be hidden (`~`), a rule for some workloads stays in its namespace. */
export type ExportScope = 'everywhere' | 'everywhere or hidden' | 'own namespace';

/** @param namespace of the object. */
export function* checkExportTo(exportTo: readonly string[], namespace: string, scope: ExportScope): Findings {
  const namespaces = new Set<string>();
  for (const [index, entry] of exportTo.entries()) {
    const name = entry === '.' ? namespace : entry;
    const problem = namespaces.has(name) ? duplicateText(entry, name) : entryProblem(name, scope);
    if (problem === undefined) namespaces.add(name);
    else yield error('export-to', `exportTo[${index}]`, problem);
  }
  if (scope === 'own namespace' && namespaces.size > 0) yield* checkOwnOnly(namespaces, namespace);
  if (exportTo.length < 2) return;
  if (namespaces.has('*'))
    yield error('export-to', 'exportTo', 'cannot have both public (*) and non-public exportTo values for a resource');
  if (namespaces.has('~')) yield error('export-to', 'exportTo', 'cannot export service entry to no one (~) and someone');
}

function* checkOwnOnly(namespaces: ReadonlySet<string>, namespace: string): Findings {
  if (!namespaces.has(namespace)) {
    yield error('export-to', 'exportTo', 'destination rule with workload selector cannot have exportTo beyond current namespace');
  } else if (namespaces.size > 1) {
    yield error('export-to', 'exportTo', 'destination rule with workload selector cannot have multiple entries in exportTo');
  }
}

function duplicateText(entry: string, name: string): string {
  return entry === name
    ? `duplicate entries in exportTo for entry ${entry}`
    : `duplicate entries in exportTo: . and current namespace ${name}`;
}

function entryProblem(name: string, scope: ExportScope): string | undefined {
  if (name === '~')
    return scope === 'everywhere or hidden' ? undefined : 'exportTo ~ (none) is not allowed for Istio configuration objects';
  return name === '*' || isDnsLabel(name) ? undefined : 'only .,*, or a valid DNS 1123 label is allowed as exportTo entry';
}
