export interface Messages {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Warnings that Istio does not give. */
const own = 'pilotless: ';

/** Compares as multisets: Istio walks over maps, so its order is not stable. */
export function messagesDifference(expected: Messages, actual: Messages): string | undefined {
  const warnings = actual.warnings.filter((text) => !text.startsWith(own));
  const errorsDiffer = multisetDifference('error', expected.errors, actual.errors);
  return errorsDiffer ?? multisetDifference('warning', expected.warnings, warnings);
}

function multisetDifference(what: string, expected: readonly string[], actual: readonly string[]): string | undefined {
  const [missing, surplus] = [without(expected, actual), without(actual, expected)];
  if (missing.length === 0 && surplus.length === 0) return undefined;
  return [...missing.map((text) => `${what} missing: ${text}`), ...surplus.map((text) => `${what} too many: ${text}`)].join('\n');
}

function without(all: readonly string[], taken: readonly string[]): readonly string[] {
  const left = [...all];
  for (const text of taken) {
    const index = left.indexOf(text);
    if (index !== -1) left.splice(index, 1);
  }
  return left;
}
