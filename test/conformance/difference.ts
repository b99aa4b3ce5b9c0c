/** The first place where two JSON values differ, with both sides; undefined if they are equal. Absent and undefined are the same. */
export function difference(expected: unknown, actual: unknown, path = ''): string | undefined {
  if (expected === actual) return undefined;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length)
      return `${path}: ${expected.length} items expected, ${actual.length} found: ${short(names(expected))} / ${short(names(actual))}`;
    return firstOf(expected.keys(), (index) => difference(expected[index], actual[index], `${path}[${index}]`));
  }
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)].sort());
    return firstOf(keys, (key) => difference(expected[key], actual[key], path === '' ? key : `${path}.${key}`));
  }
  return `${path}: ${short(expected)} expected, ${short(actual)} found`;
}

function firstOf<K>(keys: Iterable<K>, compare: (key: K) => string | undefined): string | undefined {
  for (const key of keys) {
    const found = compare(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

function names(items: readonly unknown[]): readonly unknown[] {
  return items.map((item) => (isObject(item) ? (item['name'] ?? item['mountPath'] ?? item) : item));
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 400 ? text : `${text.slice(0, 400)}…`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
