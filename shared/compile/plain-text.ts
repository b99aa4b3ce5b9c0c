/**
 * A value as a text that tells it from all values that differ: JSON with the keys of all objects in order, sets (sorted) and maps as lists, members that
 * are undefined left out. Written in one walk: it is done to everything that a mesh holds.
 */
export function plainText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(plainText).join()}]`;
  if (value instanceof Set) return `[${[...value].sort().map(plainText).join()}]`;
  if (value instanceof Map) return `[${[...value].map(([key, item]) => `[${plainText(key)},${plainText(item)}]`).join()}]`;
  const members = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(members);
  if (names.length > 1) names.sort();
  let text = '';
  for (const name of names) {
    const member = members[name];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${plainText(member)}`;
  }
  return `{${text}}`;
}
