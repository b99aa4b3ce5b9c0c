/** `Sidecar`: what a workload's proxy sees of the mesh, and how it takes connections. Fields in the order of the .proto file. */

import { enumeration, type InferMessage, list, message, string, uint32 } from '../../lib/message.ts';
import { connectionPool } from './destination-rule-connection-pool.ts';
import { serverTls } from './gateway-tls.ts';
import { destination } from './virtual-service-destination.ts';
import { workloadSelector } from './workload-selector.ts';

const networking = 'istio.networking.v1alpha3';

const sidecarPort = message(`${networking}.SidecarPort`, { number: uint32, protocol: string, name: string, targetPort: uint32 });
export type SidecarPort = InferMessage<typeof sidecarPort>;

/** `NONE`: nothing redirects connections to the listener, so it has a socket of its own. */
const captureMode = enumeration(`${networking}.CaptureMode`, ['DEFAULT', 'IPTABLES', 'NONE']);

const ingressListener = message(`${networking}.IstioIngressListener`, {
  port: sidecarPort,
  bind: string,
  captureMode,
  /** `127.0.0.1:PORT`, `0.0.0.0:PORT` (the proxy's own address), their forms for IPv6, or `unix:///PATH`. @default where the caller went */
  defaultEndpoint: string,
  /** Istiod reads it only behind a switch that is off. */
  tls: serverTls,
  connectionPool,
});
export type SidecarIngressListener = InferMessage<typeof ingressListener>;

const egressListener = message(`${networking}.IstioEgressListener`, {
  /** Absent: all ports of the services. */
  port: sidecarPort,
  bind: string,
  captureMode,
  /** `NAMESPACE/HOST`; namespaces `.` the proxy's own, `*` any, `~` none. */
  hosts: list(string),
});
export type SidecarEgressListener = InferMessage<typeof egressListener>;

/** @see https://istio.io/latest/docs/reference/config/networking/sidecar/#Sidecar */
export const sidecar = message(`${networking}.Sidecar`, {
  /** Proxies that it is for; absent for all of the namespace. */
  workloadSelector,
  ingress: list(ingressListener),
  egress: list(egressListener),
  inboundConnectionPool: connectionPool,
  /** @default the mesh's */
  outboundTrafficPolicy: message(`${networking}.OutboundTrafficPolicy`, {
    /** @default REGISTRY_ONLY */
    mode: enumeration(`${networking}.OutboundTrafficPolicy.Mode`, { REGISTRY_ONLY: 0, ALLOW_ANY: 1, ALLOW_ANY_DYNAMIC_DNS: 3 }),
    egressProxy: destination,
  }),
});
export type Sidecar = InferMessage<typeof sidecar>;
