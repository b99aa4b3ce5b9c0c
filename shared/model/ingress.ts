/** Inbound ports as a Sidecar resource declares them, worked out for one proxy. */

import type { ConnectionPool } from '../config/networking/destination-rule-connection-pool.ts';
import type { IngressRule, SidecarResource } from './sidecar.ts';

/** What replaces the ports of a workload's services. */
export interface Ingress {
  /** Stands in for the service's host: `SIDECAR.NAMESPACE`. */
  readonly host: string;
  /** One for each port. */
  readonly listeners: readonly IngressListener[];
}

export interface IngressListener extends Pick<IngressRule, 'port' | 'bind'> {
  /** A socket of its own; otherwise chains of the virtual listener. */
  readonly bindsPort: boolean;
  readonly endpoint: IngressEndpoint;
  /** Of the listener, else of all of the Sidecar's. */
  readonly connectionPool?: ConnectionPool;
}

/** Where the application listens: where the caller went, on the loopback interface, on the pod's own address, or at a socket file. */
export type IngressEndpoint =
  | { readonly kind: 'original-destination' }
  | { readonly kind: 'loopback' | 'own-address'; readonly address: string; readonly port: number }
  | { readonly kind: 'pipe'; readonly address: string; readonly port: 0 };

/** What of a proxy the answer depends on. */
interface IngressProxy {
  readonly interception: 'REDIRECT' | 'TPROXY' | 'NONE';
  readonly isUnprivileged: boolean;
  readonly ipFamilies: 'v4' | 'v6' | 'dual';
  /** Own ones; empty if unknown. */
  readonly addresses: readonly string[];
}

/** Undefined where the services of the workload say which ports there are. The first of several for one port wins. */
export function ingressOf({ name, namespace, ingress, inboundConnectionPool }: SidecarResource, proxy: IngressProxy): Ingress | undefined {
  if (ingress.length === 0) return undefined;
  const byPort = new Map<number, IngressListener>();
  for (const rule of ingress) {
    const { port, bind, captureMode } = rule;
    const bindsPort = captureMode === 'NONE' || (captureMode === 'DEFAULT' && proxy.interception === 'NONE');
    if (byPort.has(port.number) || (bindsPort && proxy.isUnprivileged && port.number < 1024)) continue;
    const connectionPool = rule.connectionPool ?? inboundConnectionPool;
    const endpoint = endpointOf(rule.defaultEndpoint, proxy);
    byPort.set(port.number, { port, bind, bindsPort, endpoint, ...(connectionPool && { connectionPool }) });
  }
  return { host: `${name}.${namespace}`, listeners: [...byPort.values()] };
}

const hostAndPort = /^\[?([^\]]*)\]?:(\d+)$/;

function endpointOf(text: string, proxy: IngressProxy): IngressEndpoint {
  if (text.startsWith('unix://')) return { kind: 'pipe', address: text, port: 0 };
  const [, host = '', digits = ''] = hostAndPort.exec(text) ?? [];
  const port = Number(digits);
  switch (host) {
    case '127.0.0.1':
      return { kind: 'loopback', address: proxy.ipFamilies === 'v6' ? '::1' : host, port };
    case '::1':
      return { kind: 'loopback', address: proxy.ipFamilies === 'v4' ? '127.0.0.1' : host, port };
    case '0.0.0.0':
    case '::':
      return ownAddress(host === '::' ? 'v6' : 'v4', port, proxy);
    default:
      return { kind: 'original-destination' };
  }
}

/** The first one of the family, else the first one. */
function ownAddress(family: 'v4' | 'v6', port: number, { addresses }: IngressProxy): IngressEndpoint {
  const address = addresses.find((one) => one.includes(':') === (family === 'v6')) ?? addresses[0];
  return address === undefined ? { kind: 'original-destination' } : { kind: 'own-address', address, port };
}

/** Whether the proxy's own addresses make a difference to the Sidecar's listeners. */
export function namesOwnAddress({ ingress }: SidecarResource): boolean {
  return ingress.some(({ defaultEndpoint }) => wildcardEndpoint.test(defaultEndpoint));
}

const wildcardEndpoint = /^(0\.0\.0\.0|\[::\]):/;
