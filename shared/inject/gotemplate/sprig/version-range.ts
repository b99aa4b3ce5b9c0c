import { GoFailure } from '../value.ts';
import { compareVersions, maxVersionLength, type Version } from './version.ts';

/** One comparison of a range; `given` counts the written parts (`1.x` has one), the others are zero. */
interface Comparison {
  readonly operator: string;
  readonly version: Version;
  readonly given: number;
}

const part = String.raw`v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+[\dA-Za-z.-]+)?`;
const comparisonForm = new RegExp(String.raw`\s*(=<|=>|!=|>=|<=|~>|=|>|<|~|\^)?\s*${part}\s*(?:,|(?=\s|$|[=!<>~^]))`, 'y');
const hyphenForm = new RegExp(String.raw`\s*(${part})\s+-\s+(${part})\s*`, 'g');

/** A range such as `>=1.2 <2.0 || 3.x`, `^1.2`, `~1.2.3`, `1.2 - 1.4`. */
export interface VersionRange {
  readonly holds: (version: Version) => boolean;
}

/** Fails for what is no range. */
export function parseRange(range: string): VersionRange {
  if (range.length > maxVersionLength) throw new GoFailure(`improper constraint: longer than ${maxVersionLength} characters`);
  const alternatives = range.split('||').map((alternative) => comparisonsOf(alternative, range));
  return { holds: (version) => alternatives.some((comparisons) => comparisons.every((comparison) => holds(comparison, version))) };
}

function comparisonsOf(alternative: string, range: string): readonly Comparison[] {
  const text = alternative.replace(hyphenForm, (...groups) => `>=${groups[1]},<=${groups[6]},`).trim();
  const comparisons: Comparison[] = [];
  let at = 0;
  do {
    comparisonForm.lastIndex = at;
    const match = comparisonForm.exec(text);
    if (!match) throw new GoFailure(`improper constraint: ${range}`);
    comparisons.push(comparisonOf(match));
    at += match[0].length;
  } while (at < text.length);
  return comparisons;
}

function comparisonOf([, operator = '', ...parts]: RegExpExecArray): Comparison {
  const numbers = parts.slice(0, 3);
  const wild = numbers.findIndex((number) => number === undefined || Number.isNaN(Number(number)));
  const given = wild === -1 ? 3 : wild;
  const [major = 0, minor = 0, patch = 0] = numbers.slice(0, given).map(Number);
  const prerelease = given === 3 ? (parts[3] ?? '') : '';
  return { operator, given, version: { major, minor, patch, prerelease, metadata: '', original: '' } };
}

/** A pre-release is in a range only if the range names one. */
function holds({ operator, version: bound, given }: Comparison, version: Version): boolean {
  if (version.prerelease !== '' && bound.prerelease === '' && operator !== '!=') return false;
  const order = compareVersions(version, bound);
  const sameParts = agrees(version, bound, given);
  switch (operator) {
    case '!=':
      return given < 3 ? !sameParts : order !== 0;
    case '>':
      return order > 0 && (given === 3 || !sameParts);
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      return order <= 0 || (given < 3 && sameParts);
    case '^':
      return order >= 0 && agrees(version, bound, caretParts(bound, given));
    case '~':
    case '~>':
      return order >= 0 && agrees(version, bound, Math.min(given, 2));
    default:
      return given < 3 ? sameParts : order === 0;
  }
}

/** Whether the first parts are the same. */
function agrees(left: Version, right: Version, count: number): boolean {
  const parts = [left.major === right.major, left.minor === right.minor, left.patch === right.patch];
  return parts.slice(0, count).every(Boolean);
}

/** `^` keeps everything up to the first part that is not zero. */
function caretParts({ major, minor }: Version, given: number): number {
  const fixed = major > 0 ? 1 : minor > 0 ? 2 : 3;
  return Math.min(fixed, given);
}
