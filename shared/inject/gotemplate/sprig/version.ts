/** A semantic version; numbers beyond 2^53 are not told apart. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Without the dash. */
  readonly prerelease: string;
  /** Without the plus sign. */
  readonly metadata: string;
  readonly original: string;
}

const versionForm = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?$/;

/** Longer texts are refused: matching them is slow. */
export const maxVersionLength = 256;

/** Also reads versions with a `v` in front or with parts missing. */
export function parseVersion(text: string): Version | undefined {
  const match = text.length > maxVersionLength ? null : versionForm.exec(text);
  if (!match) return undefined;
  const [original, major, minor = '0', patch = '0', prerelease = '', metadata = ''] = match;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), prerelease, metadata, original };
}

export function versionText({ major, minor, patch, prerelease, metadata }: Version): string {
  return `${major}.${minor}.${patch}${prerelease === '' ? '' : `-${prerelease}`}${metadata === '' ? '' : `+${metadata}`}`;
}

/** Negative, zero or positive; build metadata does not count. */
export function compareVersions(left: Version, right: Version): number {
  return (
    left.major - right.major ||
    left.minor - right.minor ||
    left.patch - right.patch ||
    comparePrereleases(left.prerelease, right.prerelease)
  );
}

/** A version without one is later than any pre-release of it. */
function comparePrereleases(left: string, right: string): number {
  if (left === right) return 0;
  if (left === '' || right === '') return left === '' ? 1 : -1;
  const [lefts, rights] = [left.split('.'), right.split('.')];
  for (let at = 0; at < Math.min(lefts.length, rights.length); at += 1) {
    const order = compareIdentifiers(lefts[at] ?? '', rights[at] ?? '');
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

const numeric = /^\d+$/;

/** Numbers by value and before words. */
function compareIdentifiers(left: string, right: string): number {
  const [leftIsNumber, rightIsNumber] = [numeric.test(left), numeric.test(right)];
  if (leftIsNumber && rightIsNumber) return Number(left) - Number(right);
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
  return left === right ? 0 : left < right ? -1 : 1;
}
