import type { MutualTlsMode } from '../../model/index.ts';
import type { ChainMatch } from './filter-chain-match.ts';

/** One way in to a port: which first bytes, and what is made of them. */
export interface Entrance {
  readonly traffic: 'http' | 'tcp';
  /** Ends mutual TLS; otherwise the bytes go on as they are. */
  readonly endsTls: boolean;
  readonly match: Pick<ChainMatch, 'transportProtocol' | 'applicationProtocols'>;
}

/** What a port speaks; `auto` is found out for each connection. */
export type InboundTraffic = 'http' | 'tcp' | 'auto';

/** ALPN of sidecars: which HTTP is inside, and that of connections of which the caller knows no protocol. */
const istioHttp = ['istio-http/1.0', 'istio-http/1.1', 'istio-h2'];
const istioTcp = ['istio-peer-exchange', 'istio'];
/** Any ALPN that only a sidecar offers. TLS without it is the application's own. */
export const istioAny = ['istio', 'istio-peer-exchange', ...istioHttp];

/**
 * The ways in to a port, in the order in which Istio lists them.
 * @param plaintextHttp what the HTTP inspector calls HTTP without TLS.
 */
export function entrances(traffic: InboundTraffic, mode: MutualTlsMode, plaintextHttp: readonly string[]): readonly Entrance[] {
  if (traffic === 'auto') return sniffedEntrances(mode, plaintextHttp);
  const plain: Entrance = { traffic, endsTls: false, match: { transportProtocol: 'raw_buffer' } };
  const mutual: Entrance = { traffic, endsTls: true, match: { transportProtocol: 'tls' } };
  if (mode === 'DISABLE') return [plain];
  if (mode === 'STRICT') return [mutual];
  const fromSidecar: Entrance = { ...mutual, match: { transportProtocol: 'tls', applicationProtocols: istioAny } };
  const ownTls: Entrance = { traffic, endsTls: false, match: { transportProtocol: 'tls' } };
  return traffic === 'http' ? [fromSidecar, plain] : [fromSidecar, ownTls, plain];
}

function sniffedEntrances(mode: MutualTlsMode, plaintextHttp: readonly string[]): readonly Entrance[] {
  const mutualHttp: Entrance = { traffic: 'http', endsTls: true, match: { transportProtocol: 'tls', applicationProtocols: istioHttp } };
  const plainHttp: Entrance = {
    traffic: 'http',
    endsTls: false,
    match: { transportProtocol: 'raw_buffer', applicationProtocols: plaintextHttp },
  };
  const mutualTcp: Entrance = { traffic: 'tcp', endsTls: true, match: { transportProtocol: 'tls', applicationProtocols: istioTcp } };
  const plainTcp: Entrance = { traffic: 'tcp', endsTls: false, match: { transportProtocol: 'raw_buffer' } };
  const ownTls: Entrance = { traffic: 'tcp', endsTls: false, match: { transportProtocol: 'tls' } };
  if (mode === 'DISABLE') return [plainHttp, plainTcp];
  if (mode === 'STRICT') return [mutualHttp, { ...ownTls, endsTls: true }];
  return [mutualHttp, plainHttp, mutualTcp, plainTcp, ownTls];
}

/** Whether telling the entrances apart takes a look at the TLS client hello. */
export function needsTlsInspector(all: readonly Entrance[]): boolean {
  return all.some(({ match }) => match.transportProtocol === 'tls');
}

/** Whether it takes a look at the first plaintext bytes. */
export function needsHttpInspector(all: readonly Entrance[]): boolean {
  return all.some(({ match }) => match.transportProtocol === 'raw_buffer' && match.applicationProtocols !== undefined);
}
