// Go's regular expressions (RE2 syntax). They are run by an automaton of our own and not by JavaScript's RegExp: that one backtracks, so a
// template could hang the process, and reads some expressions differently. @see https://pkg.go.dev/regexp/syntax

import { GoFailure } from '../value.ts';
import { foldCase, not, perlClass, posixClass, unicodeClass } from './class.ts';
import { type CharTest, maxNesting, maxRepeat, type RegexpNode } from './node.ts';

export interface ParsedRegexp {
  readonly node: RegexpNode;
  /** Names of the groups by index; the whole match is index 0. Unnamed ones are empty. */
  readonly groups: readonly string[];
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

/** Parses an expression. Fails with Go's message for what RE2 does not have. */
export function parseRegexp(pattern: string): ParsedRegexp {
  const parser = new Parser(pattern);
  const node = parser.choice({ ignoreCase: false, multiLine: false, dotAll: false, ungreedy: false }, 0).node;
  if (parser.at < pattern.length) parser.fail('unexpected )', pattern);
  return { node, groups: parser.groups };
}

const counted = /\{(\d{1,9})(,(\d{1,9})?)?\}/y;
const flagGroup = /\(\?([imsU]*)(?:-([imsU]+))?([:)])/y;
const namedGroup = /\(\?P?<([A-Za-z_]\w*)>/y;
const hexEscape = /\\x(?:([\da-fA-F]{2})|\{([\da-fA-F]{1,8})\})/y;
const octalEscape = /\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/y;
const unicodeEscape = /\\([pP])(?:\{([^}]*)\}|([^{]))/y;
const posixName = /\[:(\^?[a-z]*):\]/y;
const punctuation = /[!-/:-@[-`{-~]/;
const flagNames: Readonly<Record<string, keyof Flags>> = { i: 'ignoreCase', m: 'multiLine', s: 'dotAll', U: 'ungreedy' };
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
const assertions = { A: 'textStart', z: 'textEnd', b: 'word', B: 'notWord' } as const;

class Parser {
  readonly pattern: string;
  readonly groups: string[] = [''];
  at = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  fail(problem: string, part: string): never {
    throw new GoFailure(`error parsing regexp: ${problem}: \`${part}\``);
  }

  match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at;
    const match = expression.exec(this.pattern) ?? undefined;
    if (match) this.at += match[0].length;
    return match;
  }

  eat(text: string): boolean {
    const found = this.pattern.startsWith(text, this.at);
    if (found) this.at += text.length;
    return found;
  }

  /** Alternatives up to a closing parenthesis or the end. Flags set inside hold to the end of the group. */
  choice(given: Flags, depth: number): { readonly node: RegexpNode } {
    if (depth > maxNesting) this.fail('expression nests too deeply', this.pattern);
    const options: RegexpNode[] = [];
    let parts: RegexpNode[] = [];
    let flags = given;
    while (this.at < this.pattern.length && this.pattern.charAt(this.at) !== ')') {
      if (this.eat('|')) {
        options.push({ kind: 'sequence', parts });
        parts = [];
        continue;
      }
      const item = this.item(flags, depth);
      if ('flags' in item) flags = item.flags;
      else parts.push(...item.nodes.slice(0, -1), ...this.repeated(item.nodes.slice(-1), flags));
    }
    options.push({ kind: 'sequence', parts });
    const [only] = options;
    return { node: options.length === 1 && only ? only : { kind: 'choice', parts: options } };
  }

  item(flags: Flags, depth: number): { readonly flags: Flags } | { readonly nodes: readonly RegexpNode[] } {
    const char = this.pattern.charAt(this.at);
    if (char === '(') return this.group(flags, depth);
    if (this.eat('\\Q')) return { nodes: this.literal(flags) };
    if (char === '*' || char === '+' || char === '?') this.fail('missing argument to repetition operator', char);
    return { nodes: [this.atom(flags)] };
  }

  group(flags: Flags, depth: number): { readonly flags: Flags } | { readonly nodes: readonly RegexpNode[] } {
    const setting = this.match(flagGroup);
    if (setting) {
      const [, on = '', off = '', end] = setting;
      const next = withFlags(flags, on, off);
      if (end === ')') return { flags: next };
      return { nodes: [this.closed(() => this.choice(next, depth + 1).node)] };
    }
    const name = this.match(namedGroup)?.[1];
    if (name === undefined && this.pattern.startsWith('(?', this.at)) this.failGroup();
    if (name === undefined) this.at += 1;
    if (name !== undefined && this.groups.includes(name)) this.fail('duplicate capture group name', name);
    const index = this.groups.push(name ?? '') - 1;
    return { nodes: [{ kind: 'group', index, part: this.closed(() => this.choice(flags, depth + 1).node) }] };
  }

  failGroup(): never {
    const rest = this.pattern.slice(this.at);
    if (rest.startsWith('(?P<') || (rest.startsWith('(?<') && rest.charAt(3) !== '=' && rest.charAt(3) !== '!')) {
      const end = rest.indexOf('>');
      this.fail('invalid named capture', end === -1 ? rest : rest.slice(0, end + 1));
    }
    const length =
      3 +
      Math.max(
        0,
        [...rest.slice(2)].findIndex((char) => !Object.hasOwn(flagNames, char) && char !== '-'),
      );
    this.fail('invalid or unsupported Perl syntax', rest.slice(0, length));
  }

  closed(parse: () => RegexpNode): RegexpNode {
    const node = parse();
    if (!this.eat(')')) this.fail('missing closing )', this.pattern);
    return node;
  }

  /** The text between `\Q` and `\E`. */
  literal(flags: Flags): readonly RegexpNode[] {
    const end = this.pattern.indexOf('\\E', this.at);
    const text = this.pattern.slice(this.at, end === -1 ? undefined : end);
    this.at = end === -1 ? this.pattern.length : end + 2;
    return Array.from(text, (char) => literalNode(char.codePointAt(0) ?? 0, flags));
  }

  /** Applies the repetition behind an atom, if there is one. */
  repeated(atoms: readonly RegexpNode[], flags: Flags): readonly RegexpNode[] {
    const [atom] = atoms;
    const start = this.at;
    const range = this.repetition();
    if (!range || !atom) return atoms;
    const greedy = this.eat('?') === flags.ungreedy;
    const end = this.at;
    if (this.repetition()) this.fail('invalid nested repetition operator', this.pattern.slice(start, this.at));
    this.at = end;
    return [{ kind: 'repeat', part: atom, min: range[0], max: range[1], greedy }];
  }

  repetition(): readonly [number, number] | undefined {
    if (this.eat('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.eat('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.eat('?')) return [0, 1];
    const match = this.match(counted);
    if (!match) return undefined;
    const [text, least, comma, most] = match;
    const min = Number(least);
    const max = comma === undefined ? min : most === undefined ? Number.POSITIVE_INFINITY : Number(most);
    if (min > maxRepeat || (max > maxRepeat && most !== undefined) || max < min) this.fail('invalid repeat count', text);
    return [min, max];
  }

  atom(flags: Flags): RegexpNode {
    const code = this.pattern.codePointAt(this.at) ?? 0;
    const char = String.fromCodePoint(code);
    if (char === '[') return { kind: 'char', test: this.bracket(flags) };
    if (char === '\\') return this.escape(flags);
    this.at += char.length;
    if (char === '.') return { kind: 'char', test: flags.dotAll ? () => true : (other) => other !== 10 };
    if (char === '^') return { kind: 'assert', assertion: flags.multiLine ? 'lineStart' : 'textStart' };
    if (char === '$') return { kind: 'assert', assertion: flags.multiLine ? 'lineEnd' : 'textEnd' };
    return literalNode(code, flags);
  }

  escape(flags: Flags): RegexpNode {
    const letter = this.pattern.charAt(this.at + 1);
    const assertion = Object.hasOwn(assertions, letter) ? assertions[letter as keyof typeof assertions] : undefined;
    if (assertion) {
      this.at += 2;
      return { kind: 'assert', assertion };
    }
    const test = this.classEscape();
    if (test) return { kind: 'char', test: flags.ignoreCase ? foldCase(test) : test };
    return literalNode(this.charEscape(), flags);
  }

  /** `\d` and the like, `\pL`; undefined when the escape stands for one character. */
  classEscape(): CharTest | undefined {
    const letter = this.pattern.charAt(this.at + 1);
    const perl = perlClass(letter);
    if (perl) this.at += 2;
    if (perl || (letter !== 'p' && letter !== 'P')) return perl;
    const match = this.match(unicodeEscape);
    if (!match) this.fail('invalid character class range', this.pattern.slice(this.at));
    return unicodeClass(match[2] ?? match[3] ?? '', match[1] === 'P', match[0]);
  }

  charEscape(): number {
    const hex = this.match(hexEscape);
    if (hex) return this.checkedCode(Number.parseInt(hex[1] ?? hex[2] ?? '', 16), hex[0]);
    const octal = this.match(octalEscape);
    if (octal) return Number.parseInt(octal[0].slice(1), 8);
    if (this.at + 1 >= this.pattern.length) this.fail('trailing backslash at end of expression', '');
    const letter = String.fromCodePoint(this.pattern.codePointAt(this.at + 1) ?? 0);
    this.at += 1 + letter.length;
    if (punctuation.test(letter)) return letter.charCodeAt(0);
    const control = Object.hasOwn(controls, letter) ? controls[letter] : undefined;
    return control ?? this.fail('invalid escape sequence', `\\${letter}`);
  }

  checkedCode(code: number, text: string): number {
    return code <= 0x10ffff ? code : this.fail('invalid escape sequence', text);
  }

  bracket(flags: Flags): CharTest {
    const start = this.at;
    this.at += 1;
    const negated = this.eat('^');
    const tests: CharTest[] = [];
    const first = this.at;
    while (this.at === first || this.pattern.charAt(this.at) !== ']') {
      if (this.at >= this.pattern.length) this.fail('missing closing ]', this.pattern.slice(start));
      tests.push(this.bracketItem());
    }
    this.at += 1;
    const any: CharTest = (code) => tests.some((test) => test(code));
    const folded = flags.ignoreCase ? foldCase(any) : any;
    return negated ? not(folded) : folded;
  }

  bracketItem(): CharTest {
    const posix = this.match(posixName);
    if (posix) return posixClass(posix[1] ?? '') ?? this.fail('invalid character class range', posix[0]);
    const isEscape = this.pattern.charAt(this.at) === '\\';
    const inner = isEscape ? this.classEscape() : undefined;
    if (inner) return inner;
    const start = this.at;
    const low = this.bracketChar();
    const isRange = this.pattern.charAt(this.at) === '-' && this.at + 1 < this.pattern.length && this.pattern.charAt(this.at + 1) !== ']';
    if (!isRange) return (code) => code === low;
    this.at += 1;
    const high = this.bracketChar();
    if (high < low) this.fail('invalid character class range', this.pattern.slice(start, this.at));
    return (code) => code >= low && code <= high;
  }

  bracketChar(): number {
    if (this.pattern.charAt(this.at) === '\\') return this.charEscape();
    const code = this.pattern.codePointAt(this.at) ?? 0;
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const changed: Record<string, boolean> = {};
  for (const letter of on) changed[flagNames[letter] ?? ''] = true;
  for (const letter of off) changed[flagNames[letter] ?? ''] = false;
  return { ...flags, ...changed };
}

function literalNode(literal: number, flags: Flags): RegexpNode {
  const test: CharTest = (code) => code === literal;
  return { kind: 'char', test: flags.ignoreCase ? foldCase(test) : test };
}
