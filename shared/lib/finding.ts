/**
 * What rules find in a message that a user wrote. A rule is a small generator: `yield error(…)` for what is wrong, `yield* at('retries', …)` for
 * the rules of a part, `return` where nothing more can be said. It knows its own message only: whoever calls it says where that lies.
 */

/** A {@link Problem} without its object: its path begins at the message that the rule was given. */
export interface Finding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly path: string;
  /** In Istio's words, to the letter: clients compare them. */
  readonly message: string;
  /** Istio counts it (`1 error occurred:`) even where it is the only one. */
  readonly isCounted?: true;
}

export type Findings = Iterable<Finding>;

export function error(code: string, path: string, message: string): Finding {
  return { code, severity: 'error', path, message };
}

export function warning(code: string, path: string, message: string): Finding {
  return { code, severity: 'warning', path, message };
}

/** The error that a text tells, if there is one: for the small checks of `shared/lib`, which answer with a message or nothing. */
export function* errorIf(code: string, path: string, message: string | undefined): Findings {
  if (message !== undefined) yield error(code, path, message);
}

/** The findings of a part, their paths led back to the whole. */
export function* at(step: string, findings: Findings): Findings {
  for (const finding of findings) yield placed(step, finding);
}

/** The rules of one item, for each item of a list. */
export function* each<T>(field: string, items: readonly T[] | undefined, check: (item: T, index: number) => Findings): Findings {
  if (items === undefined) return;
  for (const [index, item] of items.entries()) {
    // The place is put together only for what is found: most items are good.
    for (const finding of check(item, index)) yield placed(`${field}[${index}]`, finding);
  }
}

/** The path of a map's member, in the way of Kubernetes: `labels[app]`. */
export function memberPath(field: string, key: string): string {
  return `${field}[${key}]`;
}

/** Istio compatibility: where it collects the results of some parts, their warnings are lost. */
export function* errorsOf(findings: Findings): Findings {
  for (const finding of findings) if (finding.severity === 'error') yield finding;
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

export function joinPath(step: string, path: string): string {
  return path === '' || path.startsWith('[') ? step + path : `${step}.${path}`;
}

function placed(step: string, finding: Finding): Finding {
  return { ...finding, path: joinPath(step, finding.path) };
}
