/** Inbound ports as a Sidecar resource declares them, worked out for one proxy. */

import type { ConnectionPool } from '../config/networking/destination-rule-connection-pool.ts';
import { configPath } from './config-object.ts';
import { isHttp } from './service.ts';
import type { IngressRule, SidecarResource } from './sidecar.ts';

/** What replaces the ports of a workload's services. */
export interface Ingress {
  /** Stands in for the service's host: `SIDECAR.NAMESPACE`, the namespace being the proxy's. */
  readonly host: string;
  /** By which Envoy metadata names the Sidecar. Istio compatibility: in the proxy's namespace even if it is in the root namespace. */
  readonly config: string;
  /** One for each port. */
  readonly listeners: readonly IngressListener[];
}

export interface IngressListener extends Pick<IngressRule, 'port' | 'bind'> {
  /** A socket of its own; otherwise chains of the virtual listener. */
  readonly bindsPort: boolean;
  /** Whether the proxy may listen on the port; if not, there is only its cluster. */
  readonly canListen: boolean;
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
  readonly namespace: string;
  readonly interception: 'REDIRECT' | 'TPROXY' | 'NONE';
  readonly isUnprivileged: boolean;
  readonly ipFamilies: 'v4' | 'v6' | 'dual';
  /** Own ones; empty if unknown. */
  readonly addresses: readonly string[];
  /** Which the proxy itself serves. */
  readonly ownPorts: readonly number[];
}

/** Undefined where the services of the workload say which ports there are. The first of several for one port wins. */
export function ingressOf({ name, ingress, inboundConnectionPool }: SidecarResource, proxy: IngressProxy): Ingress | undefined {
  if (ingress.length === 0) return undefined;
  const byPort = new Map<number, IngressListener>();
  for (const rule of ingress) {
    const { port, bind, captureMode } = rule;
    const bindsPort = captureMode === 'NONE' || (captureMode === 'DEFAULT' && proxy.interception === 'NONE');
    if (byPort.has(port.number)) continue;
    const canListen = !(isReserved(rule, proxy) || (bindsPort && proxy.isUnprivileged && port.number < 1024));
    const connectionPool = rule.connectionPool ?? inboundConnectionPool;
    const endpoint = endpointOf(rule.defaultEndpoint, proxy);
    byPort.set(port.number, { port, bind, bindsPort, canListen, endpoint, ...(connectionPool && { connectionPool }) });
  }
  const { namespace } = proxy;
  const config = configPath({ kind: 'Sidecar', apiVersion: 'networking.istio.io/v1', namespace, name });
  return { host: `${name}.${namespace}`, config, listeners: [...byPort.values()] };
}

/** Listens everywhere on a port of the proxy itself. Istio compatibility: where nobody said where to listen, only HTTP is taken to do so. */
function isReserved({ port, bind }: IngressRule, { ownPorts, ipFamilies }: IngressProxy): boolean {
  const isEverywhere = bind === '' ? isHttp(port.protocol) : bind === (ipFamilies === 'v6' ? '::' : '0.0.0.0');
  return isEverywhere && ownPorts.includes(port.number);
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
