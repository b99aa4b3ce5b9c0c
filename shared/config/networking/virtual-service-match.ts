import { isDnsLabel } from '../../lib/dns-name.ts';
import { error, errorIf, errorsOf, type Findings, memberPath } from '../../lib/finding.ts';
import { matchHeaderNameProblem } from '../../lib/header-name.ts';
import { subnetProblem } from '../../lib/ip-address.ts';
import { checkLabels } from '../../lib/label-map.ts';
import { bool, type InferMessage, list, map, message, string, uint32 } from '../../lib/message.ts';
import { portProblem } from '../../lib/port.ts';
import { checkGatewayNames } from './virtual-service-gateways.ts';
import { checkRegexMatch, checkStringMatch, type StringMatch, stringMatch } from './virtual-service-string-match.ts';

const networking = 'istio.networking.v1alpha3';

/** All of the fields that are set must hold. @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest */
export const httpMatch = message(`${networking}.HTTPMatchRequest`, {
  name: string,
  uri: stringMatch,
  scheme: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  headers: map(stringMatch),
  port: uint32,
  sourceLabels: map(string),
  gateways: list(string),
  queryParams: map(stringMatch),
  ignoreUriCase: bool,
  withoutHeaders: map(stringMatch),
  sourceNamespace: string,
  statPrefix: string,
});
export type HttpMatch = InferMessage<typeof httpMatch>;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#L4MatchAttributes */
export const l4Match = message(`${networking}.L4MatchAttributes`, {
  destinationSubnets: list(string),
  port: uint32,
  sourceSubnet: string,
  sourceLabels: map(string),
  gateways: list(string),
  sourceNamespace: string,
});
type L4Match = InferMessage<typeof l4Match>;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSMatchAttributes */
export const tlsMatch = message(`${networking}.TLSMatchAttributes`, {
  sniHosts: list(string),
  destinationSubnets: list(string),
  port: uint32,
  sourceLabels: map(string),
  gateways: list(string),
  sourceNamespace: string,
});
type TlsMatch = InferMessage<typeof tlsMatch>;

export function* checkHttpMatch(match: HttpMatch): Findings {
  for (const [name, header] of Object.entries(match.headers ?? {})) {
    const path = memberPath('headers', name);
    yield* errorIf('header-name', path, matchHeaderNameProblem(name));
    yield* checkStringMatch(path, header, 'headers');
  }
  yield* checkRegexMatch('uri', match.uri, 'uri');
  yield* checkStringMatch('scheme', match.scheme, 'scheme');
  yield* checkStringMatch('method', match.method, 'method');
  yield* checkStringMatch('authority', match.authority, 'authority');
  for (const [name, parameter] of Object.entries(match.queryParams ?? {})) {
    yield* checkStringMatch(memberPath('queryParams', name), parameter, 'queryParams');
  }
  for (const [name, header] of Object.entries(match.withoutHeaders ?? {})) yield* checkWithoutHeader(name, header);
  yield* checkSource(match);
  yield* errorsOf(checkGatewayNames(match.gateways, 'Istio'));
  if (match.sourceNamespace && !isDnsLabel(match.sourceNamespace)) {
    yield error('source-namespace', 'sourceNamespace', `sourceNamespace match ${match.sourceNamespace} is invalid`);
  }
}

function* checkWithoutHeader(name: string, header: StringMatch): Findings {
  const path = memberPath('withoutHeaders', name);
  yield* errorIf('header-name', path, matchHeaderNameProblem(name));
  // `*` is no expression: it stands for a header that is there at all.
  if (header.regex !== '*') yield* checkStringMatch(path, header, 'withoutHeaders');
}

interface Source {
  readonly port?: number;
  readonly sourceLabels?: Readonly<Record<string, string>>;
}

function* checkSource({ port = 0, sourceLabels }: Source): Findings {
  if (port !== 0) yield* errorIf('port', 'port', portProblem(port));
  yield* checkLabels('sourceLabels', sourceLabels);
}

export function* checkL4Match(match: L4Match): Findings {
  yield* checkSubnets(match.destinationSubnets);
  yield* checkSource(match);
  yield* errorsOf(checkGatewayNames(match.gateways, 'Istio'));
}

function* checkSubnets(subnets: readonly string[] = []): Findings {
  for (const [index, subnet] of subnets.entries()) yield* errorIf('subnet', `destinationSubnets[${index}]`, subnetProblem(subnet));
}

/** @param checkSni rules of one of the names that clients ask for. */
export function* checkTlsMatch(match: TlsMatch, checkSni: (path: string, host: string) => Findings): Findings {
  const { sniHosts = [] } = match;
  if (sniHosts.length === 0) yield error('sni-missing', 'sniHosts', 'TLS match must have at least one SNI host');
  for (const [index, host] of sniHosts.entries()) yield* checkSni(`sniHosts[${index}]`, host);
  yield* checkSubnets(match.destinationSubnets);
  yield* checkSource(match);
  yield* checkGatewayNames(match.gateways, 'Istio');
}
