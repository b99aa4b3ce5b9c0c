/** Letters whose other case is several letters stay as they are, as in Go. */
function mapped(text: string, change: (char: string) => string): string {
  const whole = change(text);
  if (whole.length === text.length) return whole;
  return text.replace(cased, (char) => {
    const other = change(char);
    return other.length === char.length ? other : char;
  });
}

const cased = /[\p{L}\p{M}\p{N}\p{S}]/gu;

export function toUpper(text: string): string {
  return mapped(text, (char) => char.toUpperCase());
}

export function toLower(text: string): string {
  return mapped(text, (char) => char.toLowerCase());
}

const wordStart = /(?<![\p{L}\p{N}_])\p{L}/gu;

export function titleCase(text: string): string {
  return text.replace(wordStart, toUpper);
}

const wordHead = /(^|\s)(\S)/gu;

export function uncapitalize(text: string): string {
  return text.replace(wordHead, (_match, before: string, head: string) => before + toLower(head));
}

const upper = /\p{Lu}|\p{Lt}/u;

export function swapCase(text: string): string {
  return Array.from(text, (char) => (upper.test(char) ? toLower(char) : toUpper(char))).join('');
}

// A number belongs to the word before it, unless a small letter follows: then it starts a word ("http2xx" is http, 2xx).
const words =
  /\p{N}+\p{Ll}[\p{Ll}\p{N}]*|(?:\p{Lu}+(?!\p{Ll})|\p{Lu}?[^\p{Lu}\p{N}\s_-]+)(?:\p{N}+(?![\p{Ll}\p{N}]))?|\p{N}+(?:[^\p{L}\p{N}\s_-]+\p{N}*)*|[\s_-]/gu;
const separator = /^[\s_-]$/;

/** `snake_case` or `kebab-case`. */
export function joinedWords(text: string, connector: string): string {
  let result = '';
  let afterWord = false;
  for (const [word] of text.matchAll(words)) {
    const isWord = !separator.test(word);
    if (isWord && afterWord) result += connector;
    result += isWord ? toLower(word) : connector;
    afterWord = isWord;
  }
  return result;
}

const leadingSeparators = /^[\s_-]*/;
const camelWord = /(^|[\s_-])([^\s_-])(\p{Lu}*)/gu;

/** `CamelCase`, the first letter too; only separators at both ends stay. */
export function camelCase(text: string): string {
  const lead = leadingSeparators.exec(text)?.[0] ?? '';
  return (
    lead +
    text.slice(lead.length).replace(camelWord, (_match, _separator, head: string, capitals: string) => toUpper(head) + toLower(capitals))
  );
}
