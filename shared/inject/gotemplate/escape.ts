const htmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
  '\0': '\ufffd',
};
const htmlSpecial = /[&<>"'\0]/g;

/** Go's `html`. */
export function escapeHtml(text: string): string {
  return text.replace(htmlSpecial, (char) => htmlEscapes[char] ?? char);
}

const jsSpecial = /[\\'"<>&=]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

/** Go's `js`: text for a JavaScript string literal. */
export function escapeJs(text: string): string {
  return text.replace(jsSpecial, (char) => {
    if (char === '\\' || char === "'" || char === '"') return `\\${char}`;
    const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `\\u${code.padStart(4, '0')}`;
  });
}

const queryKept = /[!'()*]/g;

/** Go's `urlquery`: like a form field, a blank becomes `+`. */
export function escapeQuery(text: string): string {
  const escaped = encodeURIComponent(text.toWellFormed());
  return escaped.replace(queryKept, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll('%20', '+');
}
