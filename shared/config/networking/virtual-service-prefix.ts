/** Warnings of path prefixes that an earlier, shorter one covers. */

import { type Findings, warning } from '../../lib/finding.ts';
import { ownMember } from '../../lib/own-member.ts';
import type { HttpMatch } from './virtual-service-match.ts';
import type { StringMatch } from './virtual-service-string-match.ts';
import { type FreshMatch, ineffective } from './virtual-service-unreachable.ts';

/** A match by a prefix of the path, with its other conditions as texts that can be compared. */
interface PrefixMatch extends FreshMatch<HttpMatch> {
  readonly prefix: string;
  readonly method: string;
  readonly authority: string;
}

/** How many pairs are looked at; an object with more of them is made to be slow. */
const maxPairs = 1_000_000;

/** @param matches of all routes, in order, without repetitions. */
export function* checkPrefixes(matches: readonly FreshMatch<HttpMatch>[]): Findings {
  const all = matches.flatMap(prefixMatch);
  const sorted = [...all.entries()].sort(([, one], [, other]) => (one.prefix < other.prefix ? -1 : Number(one.prefix > other.prefix)));
  let pairs = 0;
  for (const [position, early] of all.entries()) {
    const covered: (readonly [number, PrefixMatch])[] = [];
    for (const entry of beginningWith(early.prefix, sorted)) {
      pairs += 1;
      if (pairs > maxPairs) {
        yield warning('prefixes-not-compared', 'http', 'pilotless: there are too many matches by prefix to compare all of them');
        return;
      }
      if (entry[0] > position && covers(early, entry[1])) covered.push(entry);
    }
    const earlier = `${early.name} of prefix ${early.prefix} on ${early.rule}`;
    for (const [, late] of covered.sort(([one], [other]) => one - other)) {
      yield ineffective({ ...late, name: `${late.name} of prefix ${late.prefix}` }, earlier);
    }
  }
}

function prefixMatch(fresh: FreshMatch<HttpMatch>): readonly PrefixMatch[] {
  const { uri, method, authority } = fresh.match;
  if (!uri?.prefix) return [];
  return [{ ...fresh, prefix: uri.prefix, method: conditionText(method) || 'exact:GET', authority: conditionText(authority) }];
}

/** Istio compatibility: expressions are taken for no condition. */
function conditionText(match: StringMatch | undefined): string {
  if (match?.exact) return `exact:${match.exact}`;
  return match?.prefix ? `prefix:${match.prefix}` : '';
}

type Sorted = readonly (readonly [number, PrefixMatch])[];

/** Entries whose prefix begins with this one: they follow each other. */
function* beginningWith(prefix: string, sorted: Sorted): Iterable<readonly [number, PrefixMatch]> {
  for (let at = firstFrom(prefix, sorted); at < sorted.length; at += 1) {
    const entry = sorted[at];
    if (!entry?.[1].prefix.startsWith(prefix)) return;
    yield entry;
  }
}

/** Position of the first entry that is not before the text. */
function firstFrom(prefix: string, sorted: Sorted): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.[1].prefix ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether every request that the late match wants was taken by the early one, as far as exact texts and prefixes tell. */
function covers(early: PrefixMatch, late: PrefixMatch): boolean {
  const [one, other] = [early.match, late.match];
  return (
    early.prefix !== late.prefix &&
    (one.port ?? 0) === (other.port ?? 0) &&
    early.method.startsWith(late.method) &&
    early.authority.startsWith(late.authority) &&
    coversAll(one.headers, other.headers) &&
    coversAll(one.queryParams, other.queryParams) &&
    coversAll(one.withoutHeaders, other.withoutHeaders)
  );
}

type Conditions = Readonly<Record<string, StringMatch>>;

function coversAll(early: Conditions = {}, late: Conditions = {}): boolean {
  const entries = Object.entries(early);
  if (entries.length !== Object.keys(late).length) return false;
  return entries.every(([name, condition]) => {
    const other = ownMember(late, name);
    return other !== undefined && conditionText(condition).startsWith(conditionText(other));
  });
}
