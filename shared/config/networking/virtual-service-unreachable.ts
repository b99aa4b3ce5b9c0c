/** Warnings of routes that no request reaches. */

import { type Finding, type Findings, warning } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import type { MessageSchema } from '../../lib/message.ts';
import { protoJsonText } from '../../lib/proto-json.ts';

interface Route<Match> {
  readonly name?: string;
  readonly match?: readonly Match[];
}

/** Routes of one list. */
interface RouteList<Match> {
  readonly field: 'http' | 'tls' | 'tcp';
  readonly routes: readonly Route<Match>[];
  /** The type of a match, which says when two are the same. */
  readonly match: MessageSchema<Match>;
  /** The name that the user gave a match. */
  readonly nameOf: (match: Match) => string | undefined;
}

/** How messages call a route or a match. */
function placeName(name: string | undefined, index: number): string {
  return name ? quoted(name) : `#${index}`;
}

/** A match that is the first of its kind. */
export interface FreshMatch<Match> {
  readonly path: string;
  /** Names of the route and of the match in it. */
  readonly rule: string;
  readonly name: string;
  readonly match: Match;
}

/** What the routes before one took. */
interface Walk<Match> {
  tookAll: boolean;
  /** By text: the name of the first route that has the match. */
  readonly rules: Map<string, string>;
  readonly fresh: FreshMatch<Match>[];
}

/** Routes and matches that are never used, because the same stand before them; the matches that are are put into `fresh`. */
export function* checkReachable<Match extends object>(list: RouteList<Match>, fresh: FreshMatch<Match>[]): Findings {
  const walk: Walk<Match> = { tookAll: false, rules: new Map(), fresh };
  for (const [index, { name, match: matches = [] }] of list.routes.entries()) {
    const rule = placeName(name, index);
    const path = `${list.field}[${index}]`;
    if (matches.length > 0) yield* walk.tookAll ? afterAll(matches, path, rule) : checkMatches({ path, rule, matches }, walk, list);
    else {
      if (walk.tookAll) yield unused(path, rule, 'only the last rule can have no matches');
      walk.tookAll = true;
    }
  }
}

function* afterAll(matches: readonly unknown[], path: string, rule: string): Findings {
  for (const _ of matches) yield unused(path, rule, 'route without matches defined before');
}

interface RouteMatches<Match> {
  readonly path: string;
  readonly rule: string;
  readonly matches: readonly Match[];
}

function* checkMatches<Match extends object>(
  { path, rule, matches }: RouteMatches<Match>,
  { rules, fresh }: Walk<Match>,
  { match: schema, nameOf }: RouteList<Match>,
): Findings {
  let repeated = 0;
  for (const [position, match] of matches.entries()) {
    const text = protoJsonText({ ...match, name: '' }, schema);
    const place = { path: `${path}.match[${position}]`, rule, name: placeName(nameOf(match), position), match };
    const earlier = rules.get(text);
    if (earlier === undefined) {
      rules.set(text, rule);
      fresh.push(place);
      continue;
    }
    repeated += 1;
    yield ineffective(place, earlier);
  }
  if (repeated === matches.length) yield unused(path, rule, 'all matches used by prior rules');
}

function unused(path: string, rule: string, reason: string): Finding {
  return warning('route-unused', path, `virtualService rule ${rule} not used (${reason})`);
}

/** The warning of a match that an earlier one leaves nothing for. */
export function ineffective({ path, rule, name }: Omit<FreshMatch<unknown>, 'match'>, earlier: string): Finding {
  const reason = `duplicate/overlapping match in rule ${earlier}`;
  return warning('match-unused', path, `virtualService rule ${rule} match ${name} is not used (${reason})`);
}
