/**
 * What is wrong with a regular expression in RE2's syntax, which Envoy compiles: it refuses a whole configuration for one bad expression. JavaScript's
 * own check does not help, because the two dialects differ both ways.
 * @see https://github.com/google/re2/wiki/Syntax
 */

/**
 * What keeps the text from being an expression, in the words of Go's parser, which Istio passes on; undefined for a good one. The time is that of reading
 * the text once: a parser that builds the expression can be kept busy with a dozen characters.
 */
export function regexProblem(pattern: string): string | undefined {
  const scan: Scan = { text: pattern, at: 0, hasOperand: false, wasRepeated: false, count: 1, groups: [], names: new Set() };
  while (scan.at < pattern.length) {
    const problem = step(scan);
    if (problem !== undefined) return problem;
  }
  return scan.groups.length > 0 ? problemAt('missing closing )', pattern) : undefined;
}

function problemAt(what: string, where: string): string {
  return `${what}: \`${where}\``;
}

interface Scan {
  readonly text: string;
  at: number;
  /** Whether there is something that a repetition could repeat. */
  hasOperand: boolean;
  /** Whether that is a repetition already. */
  wasRepeated: boolean;
  /** How often the innermost part of it is repeated, by counts within counts. */
  count: number;
  /** The highest such number in each open group. */
  readonly groups: number[];
  /** Of groups. */
  readonly names: Set<string>;
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
function operand(scan: Scan, length: number, count = 1): undefined {
  scan.at += length;
  scan.hasOperand = true;
  scan.wasRepeated = false;
  noteCount(scan, count);
  return undefined;
}

function noteCount(scan: Scan, count: number): void {
  scan.count = count;
  const inner = scan.groups.length - 1;
  if (inner >= 0) scan.groups[inner] = Math.max(scan.groups[inner] ?? 1, count);
}

function separator(scan: Scan): undefined {
  scan.at += 1;
  scan.hasOperand = false;
  scan.wasRepeated = false;
  return undefined;
}

const groupStart = /\((?:\?(?:P?<([A-Za-z0-9_]+)>|[imsU]*(?:-[imsU]+)?[:)]))?/y;

function openGroup(scan: Scan): string | undefined {
  groupStart.lastIndex = scan.at;
  const [start, name] = groupStart.exec(scan.text) ?? ['('];
  if (start === '(' && scan.text[scan.at + 1] === '?')
    return problemAt('invalid or unsupported Perl syntax', scan.text.slice(scan.at, scan.at + 3));
  if (name !== undefined && scan.names.has(name)) return problemAt('duplicate capture group name', name);
  if (name !== undefined) scan.names.add(name);
  scan.at += start.length;
  scan.wasRepeated = false;
  if (start.endsWith(')')) return undefined;
  scan.groups.push(1);
  scan.hasOperand = false;
  return undefined;
}

function closeGroup(scan: Scan): string | undefined {
  const count = scan.groups.pop();
  return count === undefined ? problemAt('unexpected )', scan.text) : operand(scan, 1, count);
}

/** @param length of the sign or count, without the `?` that makes it lazy. */
function repetition(scan: Scan, length: number, factor = 1): string | undefined {
  const end = scan.at + length + (scan.text[scan.at + length] === '?' ? 1 : 0);
  if (!scan.hasOperand) return problemAt('missing argument to repetition operator', scan.text.slice(scan.at, end));
  if (scan.wasRepeated) return problemAt('invalid nested repetition operator', scan.text.slice(scan.at, end));
  scan.at = end;
  scan.wasRepeated = true;
  noteCount(scan, scan.count * factor);
  return undefined;
}

const count = /\{(\d+)(,(\d*))?\}/y;
/** Of one part, counts within counts multiplied. */
const mostRepetitions = 1000;

/** Braces that hold no count stand for themselves. */
function counted(scan: Scan): string | undefined {
  count.lastIndex = scan.at;
  const match = count.exec(scan.text);
  if (!match) return operand(scan, 1);
  const least = Number(match[1]);
  const isOpen = match[2] === ',';
  const most = match[3] ? Number(match[3]) : least;
  // An open count repeats at least once what has no other count.
  const factor = isOpen ? Math.max(least, 1) : most;
  if (most < least || most > mostRepetitions || (Math.max(least, most) >= 2 && scan.hasOperand && scan.count * factor > mostRepetitions)) {
    return problemAt('invalid repeat count', match[0]);
  }
  return repetition(scan, match[0].length, factor);
}

const quoted = /\\Q((?:[^\\]|\\(?!E))*)(?:\\E)?/y;
const anyEscape =
  /\\(?:[afnrtvdDsSwWbBAz]|[pP](?:[A-Z]|\{\^?[A-Za-z_]+\})|x(?:[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]{1,6}\})|0[0-7]{0,2}|[1-7][0-7]{1,2}|[^A-Za-z0-9\u0080-\uffff])/y;

/** Inside of a class there are no places: word boundaries, beginning and end. */
const classEscape = new RegExp(anyEscape.source.replace('bBAz', ''), 'y');

function escaped(scan: Scan): string | undefined {
  quoted.lastIndex = scan.at;
  const text = quoted.exec(scan.text);
  if (text?.[1] === '') {
    scan.at += text[0].length;
    scan.wasRepeated = false;
    return undefined;
  }
  const length = text?.[0].length ?? matchLength(anyEscape, scan);
  if (length === undefined && scan.at + 1 === scan.text.length) return problemAt('trailing backslash at end of expression', '');
  if (length === undefined) return problemAt('invalid escape sequence', scan.text.slice(scan.at, scan.at + 2));
  return unicodeProblem(scan.text.slice(scan.at, scan.at + length)) ?? operand(scan, length);
}

const unicodeName = /^\\[pP](?:([A-Z])|\{\^?([A-Za-z_]+)\})$/;

/** Classes are named after categories and scripts of Unicode, which JavaScript knows too. */
function unicodeProblem(text: string): string | undefined {
  const match = unicodeName.exec(text);
  const name = match?.[1] ?? match?.[2];
  if (name === undefined || name === 'Any' || isUnicodeProperty(`gc=${name}`) || isUnicodeProperty(`sc=${name}`)) return undefined;
  return problemAt('invalid character class range', text);
}

function isUnicodeProperty(property: string): boolean {
  try {
    return new RegExp(`\\p{${property}}`, 'u').unicode;
  } catch {
    return false;
  }
}

function matchLength(form: RegExp, { text, at }: Scan): number | undefined {
  form.lastIndex = at;
  return form.exec(text)?.[0].length;
}

const classStart = /\[\^?/y;
const namedClass = /\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/y;
const unknownName = /\[:\^?\w*:\]/y;

function characterClass(scan: Scan): string | undefined {
  const start = scan.at;
  scan.at += matchLength(classStart, scan) ?? 1;
  for (let isFirst = true; isFirst || scan.text[scan.at] !== ']'; isFirst = false) {
    if (scan.at >= scan.text.length) return problemAt('missing closing ]', scan.text.slice(start));
    const problem = classItem(scan);
    if (problem !== undefined) return problem;
  }
  return operand(scan, 1);
}

/** Stands for many characters, so no range begins or ends with it. */
const setEscape = /^\\[dDpPsSwW]/;

/** One character, a range of them, or the name of a class. */
function classItem(scan: Scan): string | undefined {
  const name = matchLength(namedClass, scan);
  if (name !== undefined) {
    scan.at += name;
    return undefined;
  }
  const unknown = matchLength(unknownName, scan);
  if (unknown !== undefined) return problemAt('invalid character class range', scan.text.slice(scan.at, scan.at + unknown));
  const start = scan.at;
  const from = classCharacter(scan);
  if (from === undefined) return problemAt('invalid escape sequence', scan.text.slice(start, start + 2));
  const unicode = unicodeProblem(from);
  if (unicode !== undefined) return unicode;
  if (setEscape.test(from)) return undefined;
  if (scan.text[scan.at] !== '-' || scan.text[scan.at + 1] === ']' || scan.at + 1 >= scan.text.length) return undefined;
  scan.at += 1;
  const to = classCharacter(scan);
  const isRange = to !== undefined && !setEscape.test(to) && codePointOf(from) <= codePointOf(to);
  return isRange ? undefined : problemAt('invalid character class range', scan.text.slice(start, scan.at + (to === undefined ? 2 : 0)));
}

function classCharacter(scan: Scan): string | undefined {
  const length = scan.text[scan.at] === '\\' ? matchLength(classEscape, scan) : widthAt(scan);
  if (length === undefined) return undefined;
  scan.at += length;
  return scan.text.slice(scan.at - length, scan.at);
}

/** Two for a character beyond the first 65,536. */
function widthAt({ text, at }: Scan): 1 | 2 {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

const hexEscape = /^\\x\{?([0-9a-fA-F]+)\}?$/;
const octalEscape = /^\\([0-7]+)$/;
const namedEscapes: ReadonlyMap<string, number> = new Map([
  ['\\a', 0x07],
  ['\\f', 0x0c],
  ['\\n', 0x0a],
  ['\\r', 0x0d],
  ['\\t', 0x09],
  ['\\v', 0x0b],
]);

/** Of a character as it is or escaped. */
function codePointOf(character: string): number {
  const hex = hexEscape.exec(character)?.[1];
  if (hex !== undefined) return Number.parseInt(hex, 16);
  const octal = octalEscape.exec(character)?.[1];
  if (octal !== undefined) return Number.parseInt(octal, 8);
  return namedEscapes.get(character) ?? character.codePointAt(character.startsWith('\\') && character.length > 1 ? 1 : 0) ?? 0;
}
