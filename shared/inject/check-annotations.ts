import { canonicalQuantity } from '../kube/quantity.ts';
import { annotation } from './annotation-names.ts';
import { parseGoBool } from './go-bool.ts';
import { checkProxyConfigText } from './proxy-config.ts';

/** Says what is wrong with one annotation's value; undefined for a good one. */
type Check = (value: string) => string | undefined;

/** Annotations that can make an injection fail, in the order in which their problems are reported. All others are taken as they are. */
const checks: readonly (readonly [string, Check])[] = [
  [annotation.interceptionMode, checkInterceptionMode],
  [annotation.statusPort, (value) => problemIn('excludeInboundPorts invalid', checkPort(value))],
  [annotation.readinessInitialDelaySeconds, (value) => checkUnsigned(value, 2 ** 32 - 1)],
  [annotation.readinessPeriodSeconds, (value) => checkUnsigned(value, 2 ** 32 - 1)],
  [annotation.readinessFailureThreshold, (value) => checkUnsigned(value, 2 ** 32 - 1)],
  [annotation.includeOutboundIpRanges, (value) => (value === '*' ? undefined : problemIn('includeIPRanges invalid', checkCidrs(value)))],
  [annotation.excludeOutboundIpRanges, (value) => problemIn('excludeIPRanges invalid', checkCidrs(value))],
  [annotation.includeInboundPorts, (value) => (value === '*' ? undefined : problemIn('includeInboundPorts invalid', checkPorts(value)))],
  [annotation.excludeInboundPorts, (value) => problemIn('excludeInboundPorts invalid', checkPorts(value))],
  [annotation.excludeOutboundPorts, (value) => problemIn('excludeOutboundPorts invalid', checkPorts(value))],
  [annotation.excludeInterfaces, checkInterfaces],
  [annotation.kubevirtInterfaces, checkInterfaces],
  [annotation.rerouteVirtualInterfaces, checkInterfaces],
  [annotation.prometheusMerge, checkBool],
  [annotation.proxyConfig, checkProxyConfigText],
  [annotation.proxyCpu, checkQuantity],
  [annotation.proxyMemory, checkQuantity],
  [annotation.proxyCpuLimit, checkQuantity],
  [annotation.proxyMemoryLimit, checkQuantity],
];

/**
 * Checks the annotations that injection reads. Returns one message with all problems, undefined if there are none.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/
 */
export function checkAnnotations(annotations: Readonly<Record<string, string>>): string | undefined {
  const problems = checks.flatMap(([name, check]) => {
    const value = Object.hasOwn(annotations, name) ? annotations[name] : undefined;
    const problem = value === undefined ? undefined : check(value);
    return problem === undefined ? [] : [`invalid value '${value}' for annotation '${name}': ${problem}`];
  });
  return problems.length === 0 ? undefined : listProblems(problems);
}

/** The form in which Istio's users know several errors in one message. */
function listProblems(problems: readonly string[]): string {
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`;
  return `${count} occurred:\n${problems.map((problem) => `\t* ${problem}\n`).join('')}\n`;
}

function problemIn(context: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `${context}: ${problem}`;
}

function checkInterceptionMode(value: string): string | undefined {
  return ['REDIRECT', 'TPROXY', 'NONE'].includes(value) ? undefined : `interceptionMode invalid, use REDIRECT,TPROXY,NONE: ${value}`;
}

const digits = /^\d+$/;

function checkUnsigned(text: string, max: number): string | undefined {
  if (!digits.test(text)) return `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  return Number(text) > max ? `strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range` : undefined;
}

function checkPort(text: string): string | undefined {
  const port = text.trim();
  return problemIn(`failed parsing port '${port}'`, checkUnsigned(port, 65535));
}

function checkPorts(list: string): string | undefined {
  const pieces = list.trim() === '' ? [] : list.split(',');
  const problem = pieces.map((piece) => problemIn(`failed parsing port '${piece.trim()}'`, checkPort(piece)));
  return problem.find((found) => found !== undefined);
}

function checkCidrs(list: string): string | undefined {
  const pieces = list === '' ? [] : list.split(',');
  return pieces.map((piece) => problemIn(`failed parsing cidr '${piece}'`, checkCidr(piece))).find((found) => found !== undefined);
}

const prefixBits = /^(0|[1-9]\d?\d?)$/;

function checkCidr(text: string): string | undefined {
  const slash = text.lastIndexOf('/');
  const what = `netip.ParsePrefix(${JSON.stringify(text)})`;
  if (slash < 0) return `${what}: no '/'`;
  const address = text.slice(0, slash);
  const bits = text.slice(slash + 1);
  const family = addressFamily(address);
  if (family === undefined) return `${what}: ParseAddr(${JSON.stringify(address)}): unable to parse IP`;
  if (!prefixBits.test(bits)) return `${what}: bad bits after slash: ${JSON.stringify(bits)}`;
  return Number(bits) > (family === 4 ? 32 : 128) ? `${what}: prefix length out of range` : undefined;
}

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^(?:${octet}\\.){3}${octet}$`);
const ipv6Characters = /^[0-9a-fA-F:.]+$/;

/** No `node:net` here: this runs wherever the library does. */
function addressFamily(text: string): 4 | 6 | undefined {
  if (ipv4.test(text)) return 4;
  if (!text.includes(':') || !ipv6Characters.test(text)) return undefined;
  return URL.canParse(`http://[${text}]/`) ? 6 : undefined;
}

const interfaceName = /^[a-zA-Z][a-zA-Z0-9_.-]*$/;

function checkInterfaces(list: string): string | undefined {
  const names = list === '' ? [] : list.split(',').map((name) => name.trim());
  return names.map(checkInterface).find((found) => found !== undefined);
}

/** 15 characters is what Linux takes (IFNAMSIZ). */
function checkInterface(name: string): string | undefined {
  if (name === '') return 'empty interface name';
  if (name.length > 15) return `interface name ${JSON.stringify(name)} too long (max 15 chars)`;
  return interfaceName.test(name) ? undefined : `interface name ${JSON.stringify(name)} contains invalid characters`;
}

function checkBool(value: string): string | undefined {
  return parseGoBool(value) === undefined ? `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax` : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;

function checkQuantity(value: string): string | undefined {
  if (controlCharacter.test(value)) return 'value contains control characters';
  return canonicalQuantity(value) === undefined
    ? "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    : undefined;
}
