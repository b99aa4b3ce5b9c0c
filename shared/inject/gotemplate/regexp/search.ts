import type { Match, Regexp } from './match.ts';

/** Matches that do not overlap, at most `limit` (all when negative); an empty one right behind another does not count. */
export function findAll(regexp: Regexp, text: string, limit: number): readonly Match[] {
  const matches: Match[] = [];
  let at = 0;
  let previousEnd = -1;
  while (at <= text.length && (limit < 0 || matches.length < limit)) {
    const match = regexp.exec(text, at);
    if (!match) break;
    const [start = 0, end = 0] = match;
    const repeats = end === at && start === previousEnd;
    at = end === at ? at + charLength(text, at) : end;
    previousEnd = end;
    if (!repeats) matches.push(match);
  }
  return matches;
}

function charLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** Replaces all matches by what `replacement` gives for each. */
export function replaceAll(regexp: Regexp, text: string, replacement: (match: Match) => string): string {
  let result = '';
  let copied = 0;
  for (const match of findAll(regexp, text, -1)) {
    const [start = 0, end = 0] = match;
    result += text.slice(copied, start) + replacement(match);
    copied = end;
  }
  return result + text.slice(copied);
}

const reference = /\$(?:\$|\{(\w+)\}|(\w+))/g;

/** Go's replacement template: `$1`, `${1}`, `$name` and `$$`; an unknown group is empty. */
export function expand(template: string, regexp: Regexp, text: string, match: Match): string {
  return template.replace(reference, (whole, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare;
    return name === undefined ? whole.slice(1) : groupText(name, regexp, text, match);
  });
}

const digitsOnly = /^\d+$/;

function groupText(name: string, regexp: Regexp, text: string, match: Match): string {
  const index = digitsOnly.test(name) ? Number(name) : regexp.groups.indexOf(name, 1);
  const start = match[2 * index] ?? -1;
  return index < 0 || start < 0 ? '' : text.slice(start, match[2 * index + 1]);
}

/** The text between matches, at most `limit` pieces (all when negative). */
export function split(regexp: Regexp, text: string, limit: number): readonly string[] {
  if (limit === 0) return [];
  if (text === '') return [''];
  const pieces: string[] = [];
  let begin = 0;
  let end = 0;
  for (const [start = 0, stop = 0] of findAll(regexp, text, limit)) {
    if (limit > 0 && pieces.length === limit - 1) break;
    end = start;
    if (stop !== 0) pieces.push(text.slice(begin, end));
    begin = stop;
  }
  if (end !== text.length) pieces.push(text.slice(begin));
  return pieces;
}

const special = /[\\.+*?()|[\]{}^$]/g;

/** Escapes a text so that it matches itself. */
export function quoteMeta(text: string): string {
  return text.replace(special, '\\$&');
}
