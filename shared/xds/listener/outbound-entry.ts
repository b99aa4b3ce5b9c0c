import type { JsonObject } from '@bufbuild/protobuf';
import type { Filter } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { isHttp, type PortProtocol } from '../../model/index.ts';
import { type ChainMatch, matchKey } from './filter-chain-match.ts';
import type { Bind } from './outbound-bind.ts';

/** A filter chain of an outbound listener that may still be merged with others'. */
export interface ChainPlan {
  readonly match: ChainMatch;
  readonly filters: readonly Filter[];
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

/** What a service port adds to the listener of its (bind, port); undefined where the listener stays as it is. */
export function merged(current: ListenerPlan, added: ListenerPlan): ListenerPlan | undefined {
  const [before, now] = [kindOf(current.protocol), kindOf(added.protocol)];
  // The chain is there; the route of the port tells hosts apart.
  if (before !== 'tcp' && now === 'http') return undefined;
  if (before === 'auto' && now === 'auto') return undefined;
  // Sniffing would hold back a server that speaks first.
  if (isServerFirst(current.protocol, added.protocol)) return undefined;
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
