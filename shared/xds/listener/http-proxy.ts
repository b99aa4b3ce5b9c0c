import type { ListenerKey, Scope } from '../../model/index.ts';
import { statisticsName } from '../names.ts';
import { localhosts } from './address.ts';
import type { ListenerPlan } from './outbound-entry.ts';

/** The port on which applications can use the sidecar as their HTTP proxy (its own, or `MeshConfig.proxyHttpPort`); no port, no listener. */
export function httpProxyPlans(
  { config }: Scope,
  { ipFamilies, httpProxyPort }: Pick<ListenerKey, 'ipFamilies' | 'httpProxyPort'>,
): readonly ListenerPlan[] {
  const port = httpProxyPort || (config.proxyHttpPort ?? 0);
  if (port === 0) return [];
  const addresses = localhosts[ipFamilies];
  const statPrefix = statisticsName(`outbound_${addresses[0]}_${port}`);
  const traffic = {
    kind: 'http',
    direction: 'outbound',
    statPrefix,
    route: 'http_proxy',
    isHttp2: false,
    isGrpcWeb: false,
    isProxy: true,
  } as const;
  return [{ bind: { addresses, bindsPort: true }, port, protocol: 'HTTP_PROXY', chains: [{ match: {}, traffic }] }];
}
