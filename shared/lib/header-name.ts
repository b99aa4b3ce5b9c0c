/** Names of HTTP headers, in the several forms that Istio demands of them. */

import { claimPath } from './claim-header.ts';
import { quoted } from './go-quote.ts';

const probeForm = /^[-A-Za-z0-9]+$/;
const strictForm = /^[-_A-Za-z0-9]+$/;
/** RFC 9110 section 5.6.2. */
const tokenForm = /^[-!#$%&'*+.^_`|~A-Za-z0-9]+$/;
const pseudoHeaders = [':method', ':scheme', ':authority', ':path', ':status'];

/** What keeps the text from being the name of a header of Kubernetes' HTTP probes. */
export function probeHeaderNameProblem(name: string): string | undefined {
  return nameProblem(name, probeForm);
}

/** What keeps the text from being a plain name. */
export function strictHeaderNameProblem(name: string): string | undefined {
  return nameProblem(name, strictForm);
}

/** What keeps the text from being a header that a page may use across origins; `*` is all of them. */
export function corsHeaderNameProblem(name: string): string | undefined {
  return name === '*' ? undefined : nameProblem(name, tokenForm);
}

/** What keeps the text from being a header that requests are matched by, which may stand for a claim of their token. */
export function matchHeaderNameProblem(name: string): string | undefined {
  return claimPath(name) !== undefined || pseudoHeaders.includes(name) ? undefined : nameProblem(name, tokenForm);
}

/** What keeps the text from being a header that a request is given. */
export function requestHeaderNameProblem(name: string): string | undefined {
  if (name === '') return emptyName;
  return name.startsWith(':') && !isAuthorityHeader(name) ? pseudoProblem(name) : undefined;
}

/** What keeps the text from being a header that is removed from a request, or changed in a response. */
export function changedHeaderNameProblem(name: string): string | undefined {
  if (name === '') return emptyName;
  if (name.toLowerCase() === 'host') return `invalid header ${quoted(name)}: cannot set Host header`;
  return name.startsWith(':') ? pseudoProblem(name) : undefined;
}

/** Whether the header says which host is meant. */
export function isAuthorityHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === ':authority' || lower === 'host';
}

const emptyName = 'header name cannot be empty';

function pseudoProblem(name: string): string {
  return `invalid header ${quoted(name)}: header cannot have ":" prefix`;
}

function nameProblem(name: string, form: RegExp): string | undefined {
  if (name === '') return emptyName;
  return form.test(name) ? undefined : `header name ${name} is not a valid header name`;
}
