import { hasLabels, type Labels } from '../../model/index.ts';

/** Who asks for routes, as far as matches look at it. */
export interface RouteClient {
  /** Of the proxy's workload. */
  readonly labels: Labels;
  /** Of the proxy. */
  readonly namespace: string;
  /** Gateways that the proxy serves: `mesh` for a sidecar. */
  readonly gateways: ReadonlySet<string>;
  /** Port of the listener. */
  readonly listenPort: number;
  /** Requests came over TLS that ended here (gateways). */
  readonly endsTls?: true;
}

/** The part of a match that is decided when routes are built, not for each request or connection. */
interface SourceMatch {
  readonly port?: number;
  readonly sourceLabels?: Labels;
  readonly sourceNamespace?: string;
  readonly gateways?: readonly string[];
}

/** Whether a match of TLS or TCP is for this proxy and port at all: all that it says must hold. */
export function appliesTo(match: SourceMatch, client: RouteClient): boolean {
  return isForPort(match, client) && (namesNoGateway(match) || isForGateway(match, client)) && isForSource(match, client);
}

/** The same of HTTP. Istio compatibility: a match that names gateways is for all who use them, whatever it says of the source. */
export function httpAppliesTo(match: SourceMatch, client: RouteClient): boolean {
  return isForPort(match, client) && (namesNoGateway(match) ? isForSource(match, client) : isForGateway(match, client));
}

function isForPort({ port }: SourceMatch, { listenPort }: RouteClient): boolean {
  return !port || port === listenPort;
}

function namesNoGateway({ gateways = [] }: SourceMatch): boolean {
  return gateways.length === 0;
}

function isForGateway({ gateways = [] }: SourceMatch, client: RouteClient): boolean {
  return gateways.some((gateway) => client.gateways.has(gateway));
}

function isForSource({ sourceLabels = {}, sourceNamespace }: SourceMatch, { labels, namespace }: RouteClient): boolean {
  return hasLabels(labels, sourceLabels) && (!sourceNamespace || sourceNamespace === namespace);
}
