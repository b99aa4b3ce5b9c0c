import type { BindConfigSchema } from '../../gen/envoy/config/core/v3/address_pb.js';
import type { ProxyView } from '../../model/index.ts';
import type { Init } from '../init.ts';

/** Source addresses that the interception rules let pass, so that a proxy's own connections to its application do not come back to it. */
const sources = { v4: '127.0.0.6', v6: '::6' };

/** The source of connections from the proxy to its application. */
export function inboundBindConfig(ipFamilies: ProxyView['ipFamilies']): Init<typeof BindConfigSchema> {
  const source = { address: ipFamilies === 'v6' ? sources.v6 : sources.v4, portSpecifier: { case: 'portValue' as const, value: 0 } };
  if (ipFamilies !== 'dual') return { sourceAddress: source };
  const extra = { address: { address: sources.v6, portSpecifier: { case: 'portValue' as const, value: 0 } } };
  return { sourceAddress: source, extraSourceAddresses: [extra] };
}
