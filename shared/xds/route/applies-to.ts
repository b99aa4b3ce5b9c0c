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

/** The part of a match that is decided when routes are built, not for each request. The same for HTTP, TLS and TCP. */
interface SourceMatch {
  readonly port?: number;
  readonly sourceLabels?: Labels;
  readonly sourceNamespace?: string;
  readonly gateways?: readonly string[];
}

/** Whether the match is for this proxy and port at all. */
export function appliesTo(match: SourceMatch, client: RouteClient): boolean {
  const { port, sourceLabels = {}, sourceNamespace, gateways = [] } = match;
  return (
    (!port || port === client.listenPort) &&
    (gateways.length === 0 || gateways.some((gateway) => client.gateways.has(gateway))) &&
    hasLabels(client.labels, sourceLabels) &&
    (!sourceNamespace || sourceNamespace === client.namespace)
  );
}
