/** Rules of the lists of values in AuthorizationPolicies. `name` is what messages call the list; paths from the list. */

import { error, type Finding, type Findings } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { ipAddressProblem, subnetProblem } from '../../lib/ip-address.ts';

/** Only the first is told. */
export function* checkNonEmptyValues(values: readonly string[], name: string): Findings {
  const index = values.indexOf('');
  if (index >= 0) yield error('value-empty', `[${index}]`, `empty value not allowed, found in ${name}`);
}

/** Addresses and ranges of them. */
export function* checkIpBlocks(values: readonly string[]): Findings {
  for (const [index, value] of values.entries()) {
    const problem = value.includes('/') ? rangeProblem(value) : addressProblem(value);
    if (problem !== undefined) yield counted(error('ip-block', `[${index}]`, problem));
  }
}

function rangeProblem(value: string): string | undefined {
  return subnetProblem(value) === undefined
    ? undefined
    : `bad CIDR range (${value}): netip.ParsePrefix(${quoted(value)}): unable to parse IP`;
}

function addressProblem(value: string): string | undefined {
  return ipAddressProblem(value) === undefined ? undefined : `bad IP address (${value})`;
}

const decimal = /^\d+$/;

/** Port numbers as texts. */
export function* checkPorts(values: readonly string[]): Findings {
  for (const [index, value] of values.entries()) {
    const problem = portProblem(value);
    if (problem !== undefined) yield counted(error('port', `[${index}]`, `bad port (${value}): ${problem}`));
  }
}

/** In the words of Go's strconv; it has none for what is only too large for a port. */
function portProblem(value: string): string | undefined {
  if (!decimal.test(value)) return `strconv.ParseUint: parsing ${quoted(value)}: invalid syntax`;
  if (Number(value) >= 2 ** 32) return `strconv.ParseUint: parsing ${quoted(value)}: value out of range`;
  return Number(value) > 65_535 ? '<nil>' : undefined;
}

function counted(finding: Finding): Finding {
  return { ...finding, isCounted: true };
}

const maxServiceAccounts = 16;
const maxServiceAccountLength = 320;
const accountFormat = "expected format 'serviceAccount' or 'namespace/serviceAccount', found";

/** `NAME` or `NAMESPACE/NAME`. Only the first problem is told. */
export function* checkServiceAccounts(values: readonly string[], name: string): Findings {
  if (values.length > maxServiceAccounts) {
    yield error('service-accounts-many', '', `may not have more than ${maxServiceAccounts} values`);
    return;
  }
  for (const [index, value] of values.entries()) {
    const problem = serviceAccountProblem(value, name);
    if (problem === undefined) continue;
    yield error('service-account', `[${index}]`, problem);
    return;
  }
}

function serviceAccountProblem(value: string, name: string): string | undefined {
  if (value === '') return `empty value not allowed, found in ${name}`;
  if (value.includes('*')) return `wildcard not allowed, found in ${name}`;
  const parts = value.split('/');
  const found = `${quoted(value)} in ${name}`;
  if (parts.length > 2) return `${accountFormat} ${found}`;
  if (Buffer.byteLength(value) > maxServiceAccountLength)
    return `value cannot exceed ${maxServiceAccountLength} characters, found ${found}`;
  if (parts[0] === '') return `${accountFormat} empty namespace ${found}`;
  return parts[1] === '' ? `${accountFormat} empty serviceAccount ${found}` : undefined;
}

/** A name, or one with a wildcard at one of its ends. Only the first problem is told. */
export function* checkTrustDomains(values: readonly string[], name: string): Findings {
  for (const [index, value] of values.entries()) {
    const problem = trustDomainProblem(value, name);
    if (problem === undefined) continue;
    yield error('trust-domain', `[${index}]`, problem);
    return;
  }
}

function trustDomainProblem(value: string, name: string): string | undefined {
  if (value === '') return `empty value not allowed, found in ${name}`;
  if (value.includes('/')) return `trust domain must not contain '/', found in ${name}: ${quoted(value)}`;
  const wildcards = value.split('*').length - 1;
  const isAtEnd = value.startsWith('*') || value.endsWith('*');
  if (wildcards === 0 || (wildcards === 1 && isAtEnd)) return undefined;
  return `wildcard is only allowed once, at the beginning or the end, found in ${name}: ${quoted(value)}`;
}

const anySegment = '{*}';
const anySegments = '{**}';
const literal = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;
const outerSlashes = /^\/+|\/+$/g;

/** `{*}` stands for one segment of a path, `{**}` for all that follow. Only the first problem is told. */
export function* checkPathTemplates(values: readonly string[], name: string): Findings {
  for (const [index, value] of values.entries()) {
    const path = value.replaceAll(outerSlashes, '');
    const problem = templateProblem(path);
    if (problem === undefined) continue;
    yield error('path-template', `[${index}]`, `invalid or unsupported path ${path}, found in ${name}. ${problem}`);
    return;
  }
}

function templateProblem(path: string): string | undefined {
  const segments = path.split('/');
  const end = segments.indexOf(anySegments);
  const isTemplate = path.includes(anySegment) || path.includes(anySegments);
  for (const [index, segment] of segments.entries()) {
    const isOperator = segment === anySegment || segment === anySegments;
    if (isOperator && end !== -1 && index > end) return '{**} is not the last operator';
    const problem = isOperator ? undefined : segmentProblem(segment, isTemplate);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function segmentProblem(segment: string, isTemplate: boolean): string | undefined {
  if (segment.includes('{') || segment.includes('}')) return "Contains '{' or '}' beyond a supported path template";
  return isTemplate && !literal.test(segment) ? `Contains segment ${segment} with invalid string literal` : undefined;
}
