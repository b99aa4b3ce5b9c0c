/**
 * What is wrong with a regular expression in RE2's syntax, which Envoy compiles: it refuses a whole configuration for one bad expression. JavaScript's
 * own check does not help, because the two dialects differ both ways.
 * @see https://github.com/google/re2/wiki/Syntax
 */

/** Words for what keeps the text from being an expression; undefined for a good one. */
export function regexProblem(pattern: string): string | undefined {
  const scan: Scan = { text: pattern, at: 0, depth: 0, hasOperand: false, wasRepeated: false };
  while (scan.at < pattern.length) {
    const problem = step(scan);
    if (problem !== undefined) return problem;
  }
  return scan.depth > 0 ? 'a parenthesis is not closed' : undefined;
}

interface Scan {
  readonly text: string;
  at: number;
  /** Open parentheses. */
  depth: number;
  /** Whether there is something that a repetition could repeat. */
  hasOperand: boolean;
  /** Whether that is a repetition already. */
  wasRepeated: boolean;
}

function step(scan: Scan): string | undefined {
  switch (scan.text[scan.at]) {
    case '(':
      return openGroup(scan);
    case ')':
      return closeGroup(scan);
    case '|':
      return separator(scan);
    case '[':
      return characterClass(scan);
    case '\\':
      return escaped(scan);
    case '*':
    case '+':
    case '?':
      return repetition(scan, 1);
    case '{':
      return counted(scan);
    default:
      return operand(scan, 1);
  }
}

/** Something that may be repeated, of that many characters. */
function operand(scan: Scan, length: number): undefined {
  scan.at += length;
  scan.hasOperand = true;
  scan.wasRepeated = false;
  return undefined;
}

function separator(scan: Scan): undefined {
  scan.at += 1;
  scan.hasOperand = false;
  scan.wasRepeated = false;
  return undefined;
}

const groupStart = /\((?:\?(?:P?<([A-Za-z0-9_]+)>|(?=[imsU-])[imsU]*(?:-[imsU]+)?[:)]|:))?/y;

function openGroup(scan: Scan): string | undefined {
  groupStart.lastIndex = scan.at;
  const start = groupStart.exec(scan.text)?.[0] ?? '(';
  if (start === '(' && scan.text[scan.at + 1] === '?')
    return 'looking ahead or behind is not possible, nor other groups that begin with (?';
  scan.at += start.length;
  if (start.endsWith(')')) return undefined;
  scan.depth += 1;
  scan.hasOperand = false;
  scan.wasRepeated = false;
  return undefined;
}

function closeGroup(scan: Scan): string | undefined {
  if (scan.depth === 0) return 'a parenthesis is closed that was not opened';
  scan.depth -= 1;
  return operand(scan, 1);
}

function repetition(scan: Scan, length: number): string | undefined {
  if (!scan.hasOperand) return 'there is nothing that could be repeated';
  if (scan.wasRepeated) return 'a repetition cannot be repeated';
  scan.at += length + (scan.text[scan.at + length] === '?' ? 1 : 0);
  scan.wasRepeated = true;
  return undefined;
}

const count = /\{(\d+)(,(\d*))?\}/y;
const mostRepetitions = 1000;

/** Braces that hold no count stand for themselves. */
function counted(scan: Scan): string | undefined {
  count.lastIndex = scan.at;
  const match = count.exec(scan.text);
  if (!match) return operand(scan, 1);
  const least = Number(match[1]);
  const most = match[3] ? Number(match[3]) : least;
  if (most < least || most > mostRepetitions) return `${match[0]} is no count of repetitions up to ${mostRepetitions}`;
  return repetition(scan, match[0].length);
}

const quoted = /\\Q(?:[^\\]|\\(?!E))*(?:\\E)?/y;
const anyEscape =
  /\\(?:[afnrtvdDsSwWbBAzC]|[pP](?:[A-Z]|\{\^?[A-Za-z_]+\})|x(?:[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]{1,6}\})|0[0-7]{0,2}|[1-7][0-7]{1,2}|[^A-Za-z0-9])/y;

function escaped(scan: Scan): string | undefined {
  const length = matchLength(quoted, scan) ?? matchLength(anyEscape, scan);
  if (length === undefined)
    return scan.at + 1 === scan.text.length ? 'it ends with a backslash' : `${scan.text.slice(scan.at, scan.at + 2)} has no meaning`;
  return operand(scan, length);
}

function matchLength(form: RegExp, { text, at }: Scan): number | undefined {
  form.lastIndex = at;
  return form.exec(text)?.[0].length;
}

const classStart = /\[\^?/y;
const namedClass = /\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/y;
const unknownName = /\[:\^?\w*:\]/y;

function characterClass(scan: Scan): string | undefined {
  scan.at += matchLength(classStart, scan) ?? 1;
  for (let isFirst = true; isFirst || scan.text[scan.at] !== ']'; isFirst = false) {
    if (scan.at >= scan.text.length) return 'a bracket is not closed';
    const problem = classItem(scan);
    if (problem !== undefined) return problem;
  }
  return operand(scan, 1);
}

/** One character, a range of them, or the name of a class. */
function classItem(scan: Scan): string | undefined {
  const name = matchLength(namedClass, scan);
  if (name !== undefined) {
    scan.at += name;
    return undefined;
  }
  if (matchLength(unknownName, scan) !== undefined) return 'a class of characters has no such name';
  const from = classCharacter(scan);
  if (from === undefined) return 'an escape in brackets has no meaning';
  if (scan.text[scan.at] !== '-' || scan.text[scan.at + 1] === ']' || scan.at + 1 >= scan.text.length) return undefined;
  scan.at += 1;
  const to = classCharacter(scan);
  return to === undefined || (from.length === 1 && to.length === 1 && from > to) ? `${from}-${to ?? ''} is no range` : undefined;
}

function classCharacter(scan: Scan): string | undefined {
  const length = scan.text[scan.at] === '\\' ? matchLength(anyEscape, scan) : 1;
  if (length === undefined) return undefined;
  scan.at += length;
  return scan.text.slice(scan.at - length, scan.at);
}
