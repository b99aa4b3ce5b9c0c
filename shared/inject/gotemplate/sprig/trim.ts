// Written as loops: an expression such as /\s+$/ takes quadratic time on long runs of blanks inside the text.

const space = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Without Unicode's white space at both ends, as Go defines it. */
export function trimSpace(text: string): string {
  return trimmed(text, (char) => space.test(char));
}

/** Without any of these characters at both ends. */
export function trimAll(cutset: string, text: string): string {
  const set = new Set(cutset);
  return trimmed(text, (char) => set.has(char));
}

function trimmed(text: string, isCut: (char: string) => boolean): string {
  const chars = [...text];
  const start = chars.findIndex((char) => !isCut(char));
  return start === -1 ? '' : chars.slice(start, chars.findLastIndex((char) => !isCut(char)) + 1).join('');
}
