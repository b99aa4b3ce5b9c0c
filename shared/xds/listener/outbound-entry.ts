import type { JsonObject } from '@bufbuild/protobuf';
import { isHttp, type PortProtocol, type ServicePort } from '../../model/index.ts';
import type { HttpTraffic, TcpTraffic } from './chain.ts';
import { type ChainMatch, matchKey } from './filter-chain-match.ts';
import type { Bind } from './outbound-bind.ts';

/** What a chain is for: filters are made of it when it is known which chains there are. */
export type OutboundTraffic = ({ readonly kind: 'http' } & HttpTraffic) | ({ readonly kind: 'tcp' } & TcpTraffic);

/** A filter chain of an outbound listener that may still be merged with others'. */
export interface ChainPlan {
  readonly match: ChainMatch;
  readonly traffic: OutboundTraffic;
  /** Envoy metadata under `istio`: where the chain comes from. */
  readonly origin?: JsonObject;
}

/** An outbound listener in the making: everything that services want of one (bind, port). */
export interface ListenerPlan {
  readonly bind: Bind;
  readonly port: number;
  /** Of the service that came first; `Auto` once chains for HTTP and others stand side by side. */
  readonly protocol: PortProtocol;
  readonly chains: readonly ChainPlan[];
}

/** Whether a port of the protocol changes nothing about the listener, whatever its chains are. */
export function isSettled(current: Pick<ListenerPlan, 'protocol'>, { port }: { readonly port: Pick<ServicePort, 'protocol'> }): boolean {
  const [before, now] = [kindOf(current.protocol), kindOf(port.protocol)];
  // The chain is there; the route of the port tells hosts apart.
  if (before !== 'tcp' && now === 'http') return true;
  if (before === 'auto' && now === 'auto') return true;
  // Sniffing would hold back a server that speaks first.
  return isServerFirst(current.protocol, port.protocol);
}

/** Whether the port needs nothing but the HTTP chain that the listener has, because the route tells hosts apart. */
export function isHttpOnly(
  { protocol }: Pick<ListenerPlan, 'protocol'>,
  { port }: { readonly port: Pick<ServicePort, 'protocol'> },
): boolean {
  return kindOf(protocol) !== 'tcp' && kindOf(port.protocol) === 'http';
}

/** The listener with what a further port adds to it. */
export function merged(current: ListenerPlan, added: ListenerPlan): ListenerPlan {
  const [before, now] = [kindOf(current.protocol), kindOf(added.protocol)];
  if (before === 'http' && now === 'auto') return added;
  return { ...current, protocol: before === now ? current.protocol : 'Auto', chains: distinct([...current.chains, ...added.chains]) };
}

type Kind = 'http' | 'tcp' | 'auto';

function kindOf(protocol: PortProtocol): Kind {
  if (protocol === 'Auto') return 'auto';
  return isHttp(protocol) ? 'http' : 'tcp';
}

const serverFirst: ReadonlySet<PortProtocol> = new Set(['Mongo', 'MySQL']);

function isServerFirst(a: PortProtocol, b: PortProtocol): boolean {
  return a !== b && (serverFirst.has(a) || serverFirst.has(b));
}

/** Envoy refuses two chains with one match: the one that was there first stays. */
export function distinct(chains: readonly ChainPlan[]): readonly ChainPlan[] {
  const taken = new Set<string>();
  return chains.filter(({ match }) => {
    const key = matchKey(match);
    const isNew = !taken.has(key);
    taken.add(key);
    return isNew;
  });
}
