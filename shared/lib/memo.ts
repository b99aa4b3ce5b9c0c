/**
 * Remembers what a pure function gave for the texts that it was asked last. Pods of one workload bring the same texts; long ones are not
 * remembered, and a full memory starts anew, so that no caller can fill it.
 */
export function memo<T>(compute: (text: string) => T, maxEntries = 256, maxLength = 4096): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const computed = compute(text);
    if (known.size >= maxEntries) known.clear();
    if (text.length <= maxLength) known.set(text, computed);
    return computed;
  };
}

/** Remembers what a pure function gave for values that never change, each as long as the value is there. */
export function memoOf<K extends object, V>(compute: (value: K) => V): (value: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (value) => {
    const found = known.get(value) ?? { value: compute(value) };
    known.set(value, found);
    return found.value;
  };
}
