import { GoFailure } from '../value.ts';
import type { CharTest } from './node.ts';

const perl: Readonly<Record<string, CharTest>> = {
  d: (code) => code >= 0x30 && code <= 0x39,
  s: (code) => code === 0x20 || code === 9 || code === 10 || code === 12 || code === 13,
  w: isWord,
};

const posixPatterns: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  ascii: /[\0-\x7f]/,
  blank: /[\t ]/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is the class of control characters
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t\n\v\f\r ]/,
  upper: /[A-Z]/,
  word: /[0-9A-Za-z_]/,
  xdigit: /[0-9A-Fa-f]/,
};

export function isWord(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || (code >= 0x61 && code <= 0x7a);
}

/** `\d`, `\s`, `\w` and their opposites; undefined for another letter. */
export function perlClass(letter: string): CharTest | undefined {
  const lower = letter.toLowerCase();
  const test = Object.hasOwn(perl, lower) ? perl[lower] : undefined;
  return test && letter !== lower ? not(test) : test;
}

/** `[:alpha:]` and the like, by the name inside; undefined for an unknown name. */
export function posixClass(name: string): CharTest | undefined {
  const negated = name.startsWith('^');
  const plain = negated ? name.slice(1) : name;
  const pattern = Object.hasOwn(posixPatterns, plain) ? posixPatterns[plain] : undefined;
  if (!pattern) return undefined;
  const test = patternTest(pattern);
  return negated ? not(test) : test;
}

const className = /^\^?[A-Za-z_]+$/;

/** `\pL`, `\p{Greek}`: a Unicode category or script. `written` is the whole escape, for the error. */
export function unicodeClass(name: string, negated: boolean, written: string): CharTest {
  if (name === 'Any') return () => !negated;
  const flipped = name.startsWith('^') !== negated;
  const plain = name.startsWith('^') ? name.slice(1) : name;
  const pattern = className.test(name) ? (unicodePattern(`gc=${plain}`) ?? unicodePattern(`sc=${plain}`)) : undefined;
  if (!pattern) throw new GoFailure(`error parsing regexp: invalid character class range: \`${written}\``);
  return flipped ? not(patternTest(pattern)) : patternTest(pattern);
}

function unicodePattern(property: string): RegExp | undefined {
  try {
    return new RegExp(`\\p{${property}}`, 'u');
  } catch {
    return undefined;
  }
}

function patternTest(pattern: RegExp): CharTest {
  return (code) => pattern.test(String.fromCodePoint(code));
}

export function not(test: CharTest): CharTest {
  return (code) => !test(code);
}

/** The same characters without regard to case. */
export function foldCase(test: CharTest): CharTest {
  return (code) => {
    if (test(code)) return true;
    const char = String.fromCodePoint(code);
    return test(char.toLowerCase().codePointAt(0) ?? code) || test(char.toUpperCase().codePointAt(0) ?? code);
  };
}
