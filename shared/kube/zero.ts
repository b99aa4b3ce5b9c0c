import type { Field, Schema } from './schema.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * Leaves out zero values that Go's encoder would leave out (omitempty): empty texts, zeros, false, empty lists and maps. What needs no change
 * is returned as it came, not copied. The value must be decoded.
 */
export function withoutZeros<T>(value: T, schema: Schema<T>): T {
  return clean(value, schema) as T;
}

function clean(value: unknown, schema: Schema): unknown {
  if (typeof value !== 'object' || value === null) return value;
  switch (schema.kind) {
    case 'struct':
      return cleanMembers(value as Members, (key) => schema.fields.get(key));
    case 'list':
      return Array.isArray(value) ? cleanList(value, schema.item) : value;
    case 'map':
      return typeof schema.value === 'object' && schema.value.kind !== 'string' ? cleanMap(value as Members, schema.value) : value;
    default:
      return value;
  }
}

function cleanMembers(members: Members, fieldOf: (key: string) => Field | undefined): Members {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(members)) {
    const field = fieldOf(key);
    if (!field) continue;
    const member = members[key];
    const cleaned = clean(member, field.schema);
    const isOmitted = cleaned === undefined || (field.zero === 'omit' && isZero(cleaned, field.schema));
    if (!isOmitted && cleaned === member) continue;
    copy ??= { ...members };
    if (isOmitted) delete copy[key];
    else copy[key] = cleaned;
  }
  return copy ?? members;
}

function cleanList(items: readonly unknown[], item: Schema): readonly unknown[] {
  const cleaned = items.map((value) => clean(value, item));
  return cleaned.every((value, index) => value === items[index]) ? items : cleaned;
}

function cleanMap(members: Members, value: Schema): Members {
  const cleaned = Object.fromEntries(Object.entries(members).map(([key, member]) => [key, clean(member, value)]));
  return Object.keys(members).every((key) => cleaned[key] === members[key]) ? members : cleaned;
}

/** Structs stay: a pointer to an empty one says something (`emptyDir: {}`), and Go never omits an embedded one. */
function isZero(value: unknown, schema: Schema): boolean {
  switch (schema.kind) {
    case 'struct':
      return false;
    case 'list':
      return Array.isArray(value) && value.length === 0;
    case 'map':
      return Object.keys(value as Members).length === 0;
    default:
      return value === '' || value === 0 || value === false;
  }
}
