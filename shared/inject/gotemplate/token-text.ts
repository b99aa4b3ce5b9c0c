import { quoteText } from './fmt/quote.ts';
import type { Token } from './lexer.ts';

/** A token as a parse error shows it. */
export function tokenText(token: Token): string {
  if (token.type === 'eof') return 'EOF';
  if (token.type === 'error') return token.text;
  if (token.type === 'keyword' || token.type === 'dot' || token.type === 'nil') return `<${token.text}>`;
  const chars = [...token.text];
  return chars.length > 10 ? `${quoteText(chars.slice(0, 10).join(''))}...` : quoteText(token.text);
}
