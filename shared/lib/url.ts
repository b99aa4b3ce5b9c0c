/**
 * URLs as Go's net/url takes them, which Istio and Kubernetes check with. JavaScript's `URL` repairs much of what Go refuses (`http:x`, blanks,
 * backslashes) and refuses hosts that Go takes.
 * @see https://pkg.go.dev/net/url#Parse
 */

import { fail, ok, type Result } from './result.ts';

export interface ParsedUrl {
  /** Lower case; empty if there is none. */
  readonly scheme: string;
  /** With the port, as written; empty if there is none. */
  readonly host: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacter = /[\u0000-\u001f\u007f]/;

/** Any reference: also a relative path, with a fragment. */
export function parseUrl(text: string): Result<ParsedUrl> {
  const [reference = '', ...fragment] = text.split('#');
  const badEscape = invalidEscape(fragment.join('#'));
  if (controlCharacter.test(text)) return fail('invalid control character in URL');
  return badEscape === undefined ? parse(reference, false) : fail(badEscape);
}

/** What could stand in a request: a complete URL or an absolute path. A `#` means nothing there. */
export function parseRequestUri(text: string): Result<ParsedUrl> {
  if (controlCharacter.test(text)) return fail('invalid control character in URL');
  return text === '' ? fail('empty url') : parse(text, true);
}

const schemeForm = /^([A-Za-z][A-Za-z0-9+.-]*):/;

function parse(text: string, isRequest: boolean): Result<ParsedUrl> {
  if (text.startsWith(':')) return fail('missing protocol scheme');
  const match = schemeForm.exec(text);
  const scheme = (match?.[1] ?? '').toLowerCase();
  const rest = text.slice(match?.[0].length ?? 0).split('?', 1)[0] ?? '';
  if (!rest.startsWith('/')) return relative(rest, scheme, isRequest);
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || (!isRequest && !rest.startsWith('///')));
  const authority = hasAuthority ? (rest.slice(2).split('/', 1)[0] ?? '') : '';
  const problem = invalidAuthority(authority) ?? invalidEscape(hasAuthority ? rest.slice(2 + authority.length) : rest);
  return problem === undefined ? ok({ scheme, host: authority.slice(authority.lastIndexOf('@') + 1) }) : fail(problem);
}

/** Behind a scheme anything goes (`mailto:x`). */
function relative(path: string, scheme: string, isRequest: boolean): Result<ParsedUrl> {
  if (scheme !== '') return ok({ scheme, host: '' });
  if (isRequest) return fail('invalid URI for request');
  if (path.split('/', 1)[0]?.includes(':')) return fail('first path segment in URL cannot contain colon');
  const problem = invalidEscape(path);
  return problem === undefined ? ok({ scheme, host: '' }) : fail(problem);
}

const userInfo = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const hostCharacters = /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]|[^\p{ASCII}]|%25|%[89A-Fa-f][0-9A-Fa-f])*$/u;
const port = /^(?::\d*)?$/;

function invalidAuthority(authority: string): string | undefined {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  if (!userInfo.test(user)) return 'invalid userinfo';
  const host = authority.slice(at + 1);
  const bracket = host.lastIndexOf(']');
  if (host.startsWith('[') && bracket === -1) return "missing ']' in host";
  const colon = host.startsWith('[') ? bracket + 1 : host.lastIndexOf(':');
  const portText = colon === -1 ? '' : host.slice(colon);
  if (!port.test(portText)) return `invalid port ${JSON.stringify(portText)} after host`;
  return hostCharacters.test(host) ? invalidEscape(user) : 'invalid character in host name';
}

const badEscape = /%(?![0-9A-Fa-f]{2}).{0,2}/;

function invalidEscape(text: string): string | undefined {
  const found = badEscape.exec(text)?.[0];
  return found === undefined ? undefined : `invalid URL escape ${JSON.stringify(found)}`;
}
