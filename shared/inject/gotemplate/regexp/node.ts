/** Whether one character (a code point) matches. */
export type CharTest = (code: number) => boolean;

/** Conditions on a place between characters: line start and end, text start and end, word boundary or none. */
export type Assertion = 'lineStart' | 'lineEnd' | 'textStart' | 'textEnd' | 'word' | 'notWord';

/** A parsed regular expression. */
export type RegexpNode =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly RegexpNode[] }
  | { readonly kind: 'group'; readonly index: number; readonly part: RegexpNode }
  | { readonly kind: 'repeat'; readonly part: RegexpNode; readonly min: number; readonly max: number; readonly greedy: boolean };

/** Limits of Go's own syntax. */
export const maxRepeat = 1000;
export const maxNesting = 200;
