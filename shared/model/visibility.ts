/** Namespaces that may see an object (`exportTo`); `*` stands for all, none at all for nobody. */
export type Visibility = ReadonlySet<string>;

/**
 * Reads `exportTo`: `*` is everybody, `.` the object's own namespace, `~` nobody, anything else a namespace's name.
 * @param fallback the mesh's default for objects that say nothing.
 */
export function decodeExportTo(exportTo: readonly string[], namespace: string, fallback: readonly string[] = ['*']): Visibility {
  const names = exportTo.length > 0 ? exportTo : fallback;
  if (names.includes('~')) return new Set();
  return new Set(names.map((name) => (name === '.' ? namespace : name)));
}

export function isVisibleTo(visibility: Visibility, namespace: string): boolean {
  return visibility.has('*') || visibility.has(namespace);
}
