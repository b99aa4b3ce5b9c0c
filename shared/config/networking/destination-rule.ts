/**
 * `DestinationRule`: what happens to traffic after it was routed. Fields in the order of the .proto file; every field of `networking.istio.io/v1`.
 */

import { duration, enumeration, type InferMessage, list, map, message, type ProtoScalar, string, uint32 } from '../../lib/message.ts';
import { clientTlsSettings } from '../mesh/connection.ts';
import { workloadSelector } from '../type/workload-selector.ts';
import { connectionPool } from './destination-rule-connection-pool.ts';
import { loadBalancer } from './destination-rule-load-balancer.ts';
import { outlierDetection } from './destination-rule-outlier-detection.ts';
import { portSelector } from './virtual-service-destination.ts';

const networking = 'istio.networking.v1alpha3';
const policy = `${networking}.TrafficPolicy`;

/** What can be set for all ports and for single ones. */
const portFields = { loadBalancer, connectionPool, outlierDetection, tls: clientTlsSettings };

/** It replaces the whole policy for its port: nothing is inherited. */
const portTrafficPolicy = message(`${policy}.PortTrafficPolicy`, { port: portSelector, ...portFields });
export type PortTrafficPolicy = InferMessage<typeof portTrafficPolicy>;

const doubleValue: ProtoScalar<number> = { kind: 'double', isWrapper: true };

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy */
const trafficPolicy = message(policy, {
  ...portFields,
  portLevelSettings: list(portTrafficPolicy),
  tunnel: message(`${policy}.TunnelSettings`, { protocol: string, targetHost: string, targetPort: uint32 }),
  proxyProtocol: message(`${policy}.ProxyProtocol`, { version: enumeration(`${policy}.ProxyProtocol.VERSION`, ['V1', 'V2']) }),
  retryBudget: message(`${policy}.RetryBudget`, { percent: doubleValue, minRetryConcurrency: uint32, budgetInterval: duration }),
});
export type TrafficPolicy = InferMessage<typeof trafficPolicy>;

/** Endpoints of the host that have these labels. */
const subset = message(`${networking}.Subset`, { name: string, labels: map(string), trafficPolicy });
export type Subset = InferMessage<typeof subset>;

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#DestinationRule */
export const destinationRule = message(`${networking}.DestinationRule`, {
  host: string,
  trafficPolicy,
  subsets: list(subset),
  exportTo: list(string),
  /** Proxies that the rule is for; absent for all. */
  workloadSelector,
});
export type DestinationRule = InferMessage<typeof destinationRule>;
