/**
 * Common Expression Language, of which Kubernetes' CRD rules and Istio's access log filters are written. The one place that knows which library
 * evaluates it.
 * @see https://github.com/google/cel-spec and https://kubernetes.io/docs/reference/using-api/cel/
 */

import { TypeError as CelTypeError, Environment, EvaluationError, ParseError, type ParseResult } from '@marcbachmann/cel-js';
import { fail, ok, type Result } from './result.ts';
import { type ParsedUrl, parseRequestUri } from './url.ts';

/** Integers are bigints, other numbers doubles; absent members of an object are absent for `has()`. */
export type CelValue = string | bigint | number | boolean | null | readonly CelValue[] | { readonly [key: string]: CelValue };

export interface CelExpression {
  /** The value of the expression; an error in CEL's words where it has none (a missing member, a text that is no duration). */
  evaluate(variables: Readonly<Record<string, CelValue>>): Result<unknown>;
}

/** Parses an expression. Names need no declaration: what they are shows when it is evaluated. */
export function parseCel(text: string): Result<CelExpression> {
  const parsed = attempt(() => environment().parse(text));
  if (!parsed.ok) return parsed;
  const program: ParseResult = parsed.value;
  return ok({ evaluate: (variables) => attempt(() => program(variables)) });
}

function attempt<T>(work: () => T): Result<T> {
  try {
    return ok(work());
  } catch (caught) {
    // Behind the first line stands a picture of the expression.
    if (isCelFailure(caught)) return fail(caught.message.split('\n', 1)[0] ?? '');
    throw caught;
  }
}

/** A RangeError is a stack that an expression or a value is too deep for. */
function isCelFailure(caught: unknown): caught is Error {
  return [ParseError, EvaluationError, CelTypeError, RangeError].some((failure) => caught instanceof failure);
}

let shared: Environment | undefined;

/** With the functions on URLs that Kubernetes adds. Made when it is first needed: it is the expensive part. */
function environment(): Environment {
  shared ??= new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true })
    .registerType('URL', { ctor: CelUrl })
    .registerFunction('isURL(string): bool', (text: string) => parseRequestUri(text).ok)
    .registerFunction('url(string): URL', toUrl)
    .registerFunction('URL.getScheme(): string', ({ parsed }: CelUrl) => parsed.scheme)
    .registerFunction('URL.getHost(): string', ({ parsed }: CelUrl) => parsed.host);
  return shared;
}

/** The library tells types by their classes. */
class CelUrl {
  readonly parsed: ParsedUrl;

  constructor(parsed: ParsedUrl) {
    this.parsed = parsed;
  }
}

function toUrl(text: string): CelUrl {
  const parsed = parseRequestUri(text);
  if (!parsed.ok) throw new EvaluationError(`URL parse error during conversion from string: ${parsed.error}`);
  return new CelUrl(parsed.value);
}
