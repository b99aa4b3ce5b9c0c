/** The ports of a workload, and how connections come in. */

import { type IngressListener, isHttp, type PortProtocol, type ServiceTarget } from '../../model/index.ts';
import type { Counted } from '../cluster/statistics-name.ts';
import { inboundClusterName, inboundPassthroughCluster, statisticsName, virtualInboundListener } from '../names.ts';
import { wildcards } from './address.ts';
import { type Entrance, entrances, type InboundTraffic } from './inbound-match.ts';
import type { InboundListenerKey } from './keys.ts';
import type { HttpListenerSettings } from './settings.ts';

/** A port of the workload, or all that no service names. */
export interface Target {
  /** Absent: all ports that no other target has. */
  readonly port?: number;
  readonly traffic: InboundTraffic;
  readonly protocol: PortProtocol;
  readonly entrances: readonly Entrance[];
  readonly cluster: string;
  readonly chainNames: { readonly http: string; readonly tcp: string };
  readonly statPrefix: string;
  /** Of the service; empty and 0 for no service. */
  readonly host: string;
  readonly servicePort: number;
  readonly counted: Counted;
  /** Path of the object that declares the port, if it is no service. */
  readonly config?: string;
}

/** Without ports of services that the proxy serves itself. Everything else first, then ports that only a policy names, then those of services by number. */
export function inboundTargets(key: InboundListenerKey, settings: HttpListenerSettings): readonly Target[] {
  const byPort = new Map<number, Target>();
  const { ingress, serviceTargets } = key;
  const reserved = new Set([...key.ownPorts, ...settings.virtualPorts]);
  const shared = ingress?.listeners.filter(({ bindsPort, canListen }) => canListen && !bindsPort);
  const known = shared
    ? shared.map((listener) => ingressTarget(listener, key, settings))
    : serviceTargets.filter(({ targetPort }) => !reserved.has(targetPort)).map((target) => serviceTarget(target, key, settings));
  for (const target of known) if (!byPort.has(target.port ?? 0)) byPort.set(target.port ?? 0, target);
  const policyPorts = [...key.mutualTls.ports.keys()].filter((port) => !byPort.has(port)).sort(byNumber);
  return [
    passthroughTarget(undefined, key, settings),
    ...policyPorts.map((port) => passthroughTarget(port, key, settings)),
    ...[...byPort.values()].sort((a, b) => byNumber(a.port ?? 0, b.port ?? 0)),
  ];
}

function passthroughTarget(port: number | undefined, { mutualTls }: InboundListenerKey, { plaintextHttp }: HttpListenerSettings): Target {
  const mode = port === undefined ? mutualTls.mode : (mutualTls.ports.get(port) ?? mutualTls.mode);
  return {
    ...(port !== undefined && { port }),
    traffic: 'auto',
    protocol: 'Auto',
    entrances: entrances('auto', mode, plaintextHttp),
    cluster: inboundPassthroughCluster,
    chainNames: { http: `${virtualInboundListener}-catchall-http`, tcp: virtualInboundListener },
    statPrefix: statisticsName(inboundPassthroughCluster),
    host: '',
    servicePort: 0,
    counted: { service: nobody, port: { number: 0, name: virtualInboundListener }, targetPort: port ?? 0, subset: '' },
  };
}

const nobody: Counted['service'] = { registry: 'External', host: '', name: '', namespace: '' };

function serviceTarget({ service, port, targetPort }: ServiceTarget, key: InboundListenerKey, settings: HttpListenerSettings): Target {
  const ofService = { protocol: port.protocol, host: service.host, servicePort: port.number };
  const counted = { service, port, targetPort, subset: '' };
  return portTarget({ ...ofService, counted, port: targetPort, bind: '' }, key, settings);
}

/** A port that a Sidecar resource declares. */
export function ingressTarget({ port, bind }: IngressListener, key: InboundListenerKey, settings: HttpListenerSettings): Target {
  const { number, protocol } = port;
  const { host = '', config = '' } = key.ingress ?? {};
  const counted = { service: { ...nobody, host }, port, targetPort: number, subset: '' };
  return { ...portTarget({ protocol, host, servicePort: number, counted, port: number, bind }, key, settings), config };
}

interface DeclaredPort extends Pick<Target, 'protocol' | 'host' | 'servicePort' | 'counted'> {
  readonly port: number;
  /** Empty for all addresses. */
  readonly bind: string;
}

function portTarget({ bind, ...declared }: DeclaredPort, { mutualTls }: InboundListenerKey, settings: HttpListenerSettings): Target {
  const { port, protocol } = declared;
  const traffic = inboundTraffic(protocol);
  const name = `${bind === '' ? wildcards[settings.ipFamilies][0] : bind}_${port}`;
  return {
    ...declared,
    traffic,
    entrances: entrances(traffic, mutualTls.ports.get(port) ?? mutualTls.mode, settings.plaintextHttp),
    cluster: inboundClusterName(port),
    chainNames: { http: name, tcp: name },
    statPrefix: statisticsName(`inbound_${name}`),
  };
}

/** Databases, TLS and UDP are bytes. (A UDP port has chains too, Istio compatibility: a container port has no transport here.) */
function inboundTraffic(protocol: PortProtocol): InboundTraffic {
  if (protocol === 'Auto') return 'auto';
  return isHttp(protocol) ? 'http' : 'tcp';
}

function byNumber(a: number, b: number): number {
  return a - b;
}
