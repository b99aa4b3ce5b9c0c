import type { BoolNode, DotNode, NumberNode, StringNode } from './ast.ts';
import { fitsInt64, parseFloat64, parseInteger } from './fmt/number.ts';
import { quoteText, unquoteText } from './fmt/quote.ts';
import type { Token } from './lexer.ts';
import { ParseFailure } from './parse-error.ts';

const floatMark = /[.eEpP]/;
const hexadecimal = /^[+-]?0[xX]/;
const largestUnsigned = 2n ** 64n - 1n;

/** The node of a token that stands for a constant or the dot; undefined for any other token. */
export function constantNode(token: Token): BoolNode | DotNode | NumberNode | StringNode | undefined {
  switch (token.type) {
    case 'bool':
      return { kind: 'bool', at: token.at, value: token.text === 'true' };
    case 'dot':
    case 'nil':
      return { kind: token.type, at: token.at };
    case 'string':
      return { kind: 'string', at: token.at, literal: token.text, value: stringValue(token) };
    case 'char':
      return charNode(token);
    case 'number':
      return numberNode(token);
    default:
      return undefined;
  }
}

export function stringValue(token: Token): string {
  const value = unquoteText(token.text);
  if (value === undefined) throw new ParseFailure('invalid syntax', token.line, token.at);
  return value;
}

function charNode(token: Token): NumberNode {
  const value = stringValue(token);
  const code = value.codePointAt(0);
  if (code === undefined) throw new ParseFailure('invalid syntax', token.line, token.at);
  if (String.fromCodePoint(code) !== value) throw new ParseFailure(`malformed character constant: ${token.text}`, token.line, token.at);
  return { kind: 'number', at: token.at, text: token.text, isFloat: false, integer: BigInt(code), float: code };
}

function numberNode(token: Token): NumberNode {
  const { text } = token;
  if (text.endsWith('i') && !hexadecimal.test(text)) throw new ParseFailure('complex numbers are not supported', token.line, token.at);
  const node = { kind: 'number', at: token.at, text } as const;
  const integer = parseInteger(text);
  if (integer !== undefined && integer <= largestUnsigned) return { ...node, isFloat: false, integer, float: Number(integer) };
  const float = integer === undefined ? parseFloat64(text) : undefined;
  if (float === undefined) throw new ParseFailure(numberProblem(text, integer), token.line, token.at);
  if (!floatMark.test(text)) throw new ParseFailure(`integer overflow: ${quoteText(text)}`, token.line, token.at);
  const whole = Number.isInteger(float) ? BigInt(float) : undefined;
  return { ...node, isFloat: true, integer: whole !== undefined && fitsInt64(whole) ? whole : undefined, float };
}

function numberProblem(text: string, integer: bigint | undefined): string {
  return integer === undefined ? `illegal number syntax: ${quoteText(text)}` : `integer overflow: ${quoteText(text)}`;
}
