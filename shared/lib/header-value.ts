/** Values of headers, in which Envoy replaces `%NAME%`, `%NAME(argument)%` and `%NAME(["argument", …])%`. */

/** All control characters but the tabulator. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const controlCharacter = /[\u0000-\u0008\u000A-\u001F\u007F]/;

/** What keeps the text from being a value that Envoy takes; undefined for a good one. */
export function headerValueProblem(value: string): string | undefined {
  if (controlCharacter.test(value)) return `header value configuration ${value} is invalid`;
  const problem = substitutionProblem(value);
  return problem === undefined ? undefined : `header value configuration: invalid header configuration. ${problem}`;
}

/** Where the reader stands: in plain text, or what it looks for inside of a variable. */
type State = 'text' | 'name' | 'arguments' | 'list item' | 'string' | 'after item' | 'after list' | 'end';

/** The state that a character leads to; without an entry it stays. */
const next: Readonly<Record<State, Readonly<Record<string, State>>>> = {
  text: { '%': 'name' },
  name: { '%': 'text', '(': 'arguments' },
  arguments: { '[': 'list item' },
  'list item': { '"': 'string' },
  string: { ')': 'end', '"': 'after item' },
  'after item': { ',': 'list item', ']': 'after list' },
  'after list': { ')': 'end' },
  end: { '%': 'text' },
};

/** Where nothing but blanks may come between, what else was expected. */
const expected: Partial<Readonly<Record<State, string>>> = {
  'list item': `Expecting '"'`,
  'after item': "Expecting ',', ']', or whitespace",
  'after list': "Expecting ')' or whitespace after '{}', but found '{}'",
  end: "Expecting '%' or whitespace after",
};

function substitutionProblem(value: string): string | undefined {
  let state: State = 'text';
  for (let at = 0; at < value.length; at += 1) {
    const escaped = escapeAt(value, at, state);
    if (escaped !== undefined && !escaped.isComplete) return escaped.problem;
    if (escaped !== undefined) {
      at += 1;
      continue;
    }
    const after = step(state, value[at] ?? '');
    if (after === undefined) return expected[state];
    state = after;
  }
  return state === 'text' ? undefined : `Un-terminated variable expression '${value}'`;
}

/** `%%` in text, and a backslash with any character in a string, stand for themselves. */
function escapeAt(value: string, at: number, state: State): { readonly isComplete: boolean; readonly problem: string } | undefined {
  const following = value[at + 1];
  if (state === 'text' && value[at] === '%' && (following === undefined || following === '%')) {
    return { isComplete: following === '%', problem: 'Un-escaped %' };
  }
  if (state !== 'string' || value[at] !== '\\') return undefined;
  return { isComplete: following !== undefined, problem: 'Un-terminated backslash in JSON string' };
}

/** Undefined where the character may not stand. */
function step(state: State, character: string): State | undefined {
  const after = next[state][character];
  if (after !== undefined || character === ' ') return after ?? state;
  if (state === 'arguments') return 'string';
  return expected[state] === undefined ? state : undefined;
}
