import type { RouteSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import type { Init } from '../init.ts';
import type { VirtualHost } from './virtual-host.ts';

type Route = Init<typeof RouteSchema>;

/** The same with the host that was asked for in `x-forwarded-host`, wherever a route changes it (`ProxyConfig.proxyHeaders.xForwardedHost`). */
export function withForwardedHost(host: VirtualHost): VirtualHost {
  return { ...host, routes: (host.routes as readonly Route[] | undefined)?.map(forwarded) ?? [] };
}

function forwarded(route: Route): Route {
  const { action } = route;
  if (action?.case !== 'route') return route;
  return { ...route, action: { case: 'route', value: { ...(action.value as object), appendXForwardedHost: true } } };
}
