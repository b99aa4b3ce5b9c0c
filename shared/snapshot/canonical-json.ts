/**
 * Compact JSON with the keys of all objects in order: equal values, equal text. Members that are undefined do not exist; sets (sorted) and maps are lists.
 * Written in one walk: it is done to everything that a mesh holds.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (value instanceof Set) return `[${[...value].sort().map(canonicalJson).join()}]`;
  if (value instanceof Map) return `[${[...value].map((entry) => canonicalJson(entry)).join()}]`;
  const members = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(members);
  if (names.length > 1) names.sort();
  let text = '';
  for (const name of names) {
    const member = members[name];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
