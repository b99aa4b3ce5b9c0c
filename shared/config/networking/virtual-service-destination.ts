import { isDnsLabel, wildcardDomainProblem } from '../../lib/dns-name.ts';
import { at, each, error, errorIf, type Findings } from '../../lib/finding.ts';
import { type InferMessage, int32, message, string, uint32 } from '../../lib/message.ts';
import { portProblem } from '../../lib/port.ts';
import { httpHeaders } from './virtual-service-headers.ts';

const networking = 'istio.networking.v1alpha3';

export const portSelector = message(`${networking}.PortSelector`, { number: uint32 });

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination */
export const destination = message(`${networking}.Destination`, { host: string, subset: string, port: portSelector });
export type Destination = InferMessage<typeof destination>;

/** A destination of HTTP routes. Weights are relative to their sum. */
export const httpRouteDestination = message(`${networking}.HTTPRouteDestination`, {
  destination,
  weight: int32,
  headers: httpHeaders,
});
export type HttpRouteDestination = InferMessage<typeof httpRouteDestination>;

/** A destination of TLS and TCP routes. */
export const routeDestination = message(`${networking}.RouteDestination`, { destination, weight: int32 });
export type RouteDestination = InferMessage<typeof routeDestination>;

/** Rules of a host, subset and port that traffic is sent to. */
export function* checkDestination({ host = '', subset = '', port }: Destination): Findings {
  yield* errorIf('host', 'host', host === '*' ? `invalid destination host ${host}` : wildcardDomainProblem(host));
  if (subset !== '') yield* errorIf('subset-name', 'subset', subsetNameProblem(subset));
  if (port) yield* errorIf('port', 'port.number', portProblem(port.number ?? 0));
}

/** What keeps the text from being the name of a subset. */
export function subsetNameProblem(name: string): string | undefined {
  if (name === '') return 'subset name cannot be empty';
  return isDnsLabel(name) ? undefined : `subset name is invalid: ${name}`;
}

interface Weighted {
  readonly destination?: Destination;
  readonly weight?: number;
}

/** What a route may leave out: destinations of routes that istiod made from Gateway API have been checked there. */
export type DestinationRules = 'all' | 'without hosts';

/** @param checkOthers rules of what a destination has besides host and weight. */
export function* checkRouteDestinations<T extends Weighted>(
  destinations: readonly T[],
  rules: DestinationRules,
  checkOthers: (destination: T) => Findings = () => [],
): Findings {
  yield* each('route', destinations, function* (one): Findings {
    if (one.destination === undefined) yield { ...error('destination-missing', 'destination', 'destination is required'), isCounted: true };
    yield* checkOthers(one);
    if (one.destination && rules === 'all') yield* at('destination', checkDestination(one.destination));
    if ((one.weight ?? 0) < 0) yield error('weight', 'weight', `weight ${one.weight} < 0`);
  });
  const total = destinations.reduce((sum, { weight = 0 }) => sum + weight, 0);
  if (destinations.length > 1 && total === 0) yield error('weight-total', 'route', 'total destination weight = 0');
}
