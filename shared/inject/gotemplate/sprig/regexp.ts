import { fn, type GoFunction } from '../function.ts';
import type { Meter } from '../limits.ts';
import { compileRegexp, type Match, type Regexp } from '../regexp/match.ts';
import { expand, findAll, quoteMeta, replaceAll, split } from '../regexp/search.ts';
import { GoFailure, type GoValue, LimitFailure } from '../value.ts';
import { texts } from './convert.ts';

/** sprig's functions on regular expressions, with Go's syntax and meaning. */
export const regexpFunctions: readonly (readonly [string, GoFunction])[] = [
  ['regexMatch', fn(['string', 'string'], (pattern, text, meter) => matches(pattern, text, meter))],
  ['mustRegexMatch', fn(['string', 'string'], (pattern, text, meter) => compileRegexp(pattern, meter).exec(text, 0) !== undefined)],
  ['regexFind', fn(['string', 'string'], (pattern, text, meter) => find(mustCompile(pattern, meter), text))],
  ['mustRegexFind', fn(['string', 'string'], (pattern, text, meter) => find(compileRegexp(pattern, meter), text))],
  ['regexFindAll', fn(['string', 'string', 'int'], (pattern, text, limit, meter) => findTexts(mustCompile(pattern, meter), text, limit))],
  [
    'mustRegexFindAll',
    fn(['string', 'string', 'int'], (pattern, text, limit, meter) => findTexts(compileRegexp(pattern, meter), text, limit)),
  ],
  [
    'regexReplaceAll',
    fn(['string', 'string', 'string'], (pattern, text, by, meter) => replaceExpanded(mustCompile(pattern, meter), text, by)),
  ],
  [
    'mustRegexReplaceAll',
    fn(['string', 'string', 'string'], (pattern, text, by, meter) => replaceExpanded(compileRegexp(pattern, meter), text, by)),
  ],
  [
    'regexReplaceAllLiteral',
    fn(['string', 'string', 'string'], (pattern, text, by, meter) => replaceAll(mustCompile(pattern, meter), text, () => by)),
  ],
  [
    'mustRegexReplaceAllLiteral',
    fn(['string', 'string', 'string'], (pattern, text, by, meter) => replaceAll(compileRegexp(pattern, meter), text, () => by)),
  ],
  ['regexSplit', fn(['string', 'string', 'int'], (pattern, text, limit, meter) => texts(split(mustCompile(pattern, meter), text, limit)))],
  [
    'mustRegexSplit',
    fn(['string', 'string', 'int'], (pattern, text, limit, meter) => texts(split(compileRegexp(pattern, meter), text, limit))),
  ],
  ['regexQuoteMeta', fn(['string'], (text) => quoteMeta(text))],
];

/** An expression that is none matches nothing. */
function matches(pattern: string, text: string, meter: Meter): boolean {
  const regexp = compileQuietly(pattern, meter);
  return regexp !== undefined && regexp.exec(text, 0) !== undefined;
}

function compileQuietly(pattern: string, meter: Meter): Regexp | undefined {
  try {
    return compileRegexp(pattern, meter);
  } catch (caught) {
    if (caught instanceof GoFailure && !(caught instanceof LimitFailure)) return undefined;
    throw caught;
  }
}

/** Functions without `must` word the error as Go's panic does. */
function mustCompile(pattern: string, meter: Meter): Regexp {
  try {
    return compileRegexp(pattern, meter);
  } catch (caught) {
    throw caught instanceof GoFailure && !(caught instanceof LimitFailure)
      ? new GoFailure(`regexp: Compile(\`${pattern}\`): ${caught.message}`)
      : caught;
  }
}

function matchText(text: string, match: Match): string {
  return text.slice(match[0], match[1]);
}

function find(regexp: Regexp, text: string): string {
  const match = regexp.exec(text, 0);
  return match ? matchText(text, match) : '';
}

function findTexts(regexp: Regexp, text: string, limit: number): GoValue {
  const found = findAll(regexp, text, limit).map((match) => matchText(text, match));
  return { ...texts(found), isNil: found.length === 0 };
}

function replaceExpanded(regexp: Regexp, text: string, by: string): string {
  return replaceAll(regexp, text, (match) => expand(by, regexp, text, match));
}
