import type { JsonValue } from '../lib/json.ts';

const leadingVersion = /^\d+(?:\.\d+)*/;

/** How many of the versions, ascending, are at most the value. Builds from source have no version; they count as newer than all. */
export function versionBucket(versions: readonly string[], value: JsonValue | undefined): number {
  const text = typeof value === 'string' ? leadingVersion.exec(value)?.[0] : undefined;
  if (text === undefined) return versions.length;
  return versions.filter((version) => compareVersions(version, text) <= 0).length;
}

/** Numbers between dots; missing ones are 0. */
function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
