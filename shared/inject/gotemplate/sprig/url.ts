import { quoteText } from '../fmt/quote.ts';
import { fn, type GoFunction } from '../function.ts';
import { typeName } from '../reflect.ts';
import { dict, GoFailure, type GoMap, type GoValue } from '../value.ts';

/** sprig's functions on URLs, as maps of their parts. */
export const urlFunctions: readonly (readonly [string, GoFunction])[] = [
  ['urlParse', fn(['string'], (text) => parseUrl(text))],
  ['urlJoin', fn(['dict'], (parts) => joinUrl(parts))],
];

const urlForm = /^(?:([^:/?#]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
const schemeForm = /^[A-Za-z][A-Za-z\d+.-]*$/;
const hostForm = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d*))?$/;
const badHostChar = /[ <>"\\^`{|}\t\n]/;
const badEscape = /%(?![\da-fA-F]{2})/;
const control = /\p{Cc}/u;

function failUrl(text: string, problem: string): never {
  throw new GoFailure(`unable to parse url: parse ${quoteText(text)}: ${problem}`);
}

function parseUrl(text: string): GoMap {
  if (control.test(text)) failUrl(text, 'net/url: invalid control character in URL');
  const [, scheme, authority, path = '', query = '', fragment = ''] = urlForm.exec(text) ?? [];
  if (scheme === '') failUrl(text, 'missing protocol scheme');
  if (scheme !== undefined && !schemeForm.test(scheme)) failUrl(text, 'first path segment in URL cannot contain colon');
  const at = authority?.lastIndexOf('@') ?? -1;
  const host = (authority ?? '').slice(at + 1);
  checkHost(text, host);
  const isOpaque = scheme !== undefined && authority === undefined && !path.startsWith('/');
  return dict(
    new Map<string, GoValue>([
      ['scheme', (scheme ?? '').toLowerCase()],
      ['userinfo', at === -1 ? '' : (authority ?? '').slice(0, at)],
      ['host', unescapePart(text, host)],
      ['hostname', hostName(host)],
      ['path', isOpaque ? '' : unescapePart(text, path)],
      ['opaque', isOpaque ? path : ''],
      ['query', query],
      ['fragment', unescapePart(text, fragment)],
    ]),
  );
}

function checkHost(text: string, host: string): void {
  const bad = badHostChar.exec(host)?.[0];
  if (bad !== undefined) failUrl(text, `invalid character ${quoteText(bad)} in host name`);
  if (!hostForm.test(host)) failUrl(text, `invalid port ${quoteText(host.slice(host.lastIndexOf(':')))} after host`);
}

function hostName(host: string): string {
  const name = hostForm.exec(host)?.[1] ?? host;
  return name.startsWith('[') ? name.slice(1, -1) : name;
}

function unescapePart(text: string, part: string): string {
  const bad = badEscape.exec(part);
  if (bad) failUrl(text, `invalid URL escape ${quoteText(part.slice(bad.index, bad.index + 3))}`);
  return part.replace(escapes, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());
}

const escapes = /(?:%[\da-fA-F]{2})+/g;
const keptInPath = /[^A-Za-z\d\-._~$&+,/:;=@!'()*]+/g;

function escapePath(path: string): string {
  return path.replace(keptInPath, (run) => encodeURIComponent(run.toWellFormed()));
}

function joinUrl(parts: GoMap): string {
  const part = (name: string): string => {
    const value = parts.entries().get(name) ?? '';
    if (typeof value !== 'string') throw new GoFailure(`unable to parse ${name} key, must be of type string, but ${typeName(value)} found`);
    return value;
  };
  const [scheme, host, user, opaque] = [part('scheme'), part('host'), part('userinfo'), part('opaque')];
  const path = escapePath(part('path'));
  const authority = host === '' && user === '' ? '' : `//${user === '' ? '' : `${user}@`}${host}`;
  const joined = opaque === '' ? authority + (authority !== '' && path !== '' && !path.startsWith('/') ? '/' : '') + path : opaque;
  const query = part('query');
  const fragment = escapePath(part('fragment'));
  return `${scheme === '' ? '' : `${scheme}:`}${joined}${query === '' ? '' : `?${query}`}${fragment === '' ? '' : `#${fragment}`}`;
}
