/** DNS names as Istio takes them: upper case is allowed, and only the last label may not be a number. */

import { quoted } from './go-quote.ts';

const label = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const wildcardLabel = /^(?:\*|(?:\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const wholeNumber = /^[+-]?[0-9]+$/;
const maxLabelLength = 63;
const maxNameLength = 255;

/** RFC 1123, upper case included. */
export function isDnsLabel(text: string): boolean {
  return text.length <= maxLabelLength && label.test(text);
}

/** What keeps the text from being a complete domain name; undefined for a good one. It may end with a dot. */
export function domainNameProblem(text: string): string | undefined {
  return lengthProblem(text) ?? labelsProblem(text);
}

/** Like {@link domainNameProblem}; the first label may be a wildcard (`*`, `*-web`). */
export function wildcardDomainProblem(text: string): string | undefined {
  const length = lengthProblem(text);
  if (length !== undefined) return length;
  const dot = text.indexOf('.');
  const first = dot === -1 ? text : text.slice(0, dot);
  if (first.length > maxLabelLength || !wildcardLabel.test(first)) return invalidLabel(text, first);
  return dot === -1 ? undefined : labelsProblem(text.slice(dot + 1));
}

/** What is wrong with a wildcard that stands where Envoy has no matcher for it: anywhere but as the whole first label. */
export function partialWildcardProblem(host: string): string | undefined {
  const isPartial = host.length > 1 && host.includes('*') && !host.startsWith('*.');
  return isPartial ? `partial wildcard ${quoted(host)} not allowed` : undefined;
}

function lengthProblem(text: string): string | undefined {
  if (text === '') return 'empty domain name not allowed';
  return Buffer.byteLength(text) > maxNameLength ? `domain name ${quoted(text)} too long (max ${maxNameLength})` : undefined;
}

function labelsProblem(name: string): string | undefined {
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  if (wholeNumber.test(last)) return `domain name ${quoted(name)} invalid (top level domain ${quoted(last)} cannot be all-numeric)`;
  const checked = last === '' ? labels.slice(0, -1) : labels;
  const wrong = checked.find((part) => !isDnsLabel(part));
  return wrong === undefined ? undefined : invalidLabel(name, wrong);
}

function invalidLabel(name: string, part: string): string {
  return `domain name ${quoted(name)} invalid (label ${quoted(part)} invalid)`;
}
