import type { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import type { RouteKey, Scope } from '../../model/index.ts';
import type { Init } from '../init.ts';
import { maxDirectResponseBytes } from './direct-response.ts';
import type { VirtualHost } from './virtual-host.ts';

/** A route configuration before it is created. */
export type Configuration = Init<typeof RouteConfigurationSchema>;

/** Whether applications are told which try of a request they see; the proxy's own settings outrank the mesh's. */
export function countsAttempts({ config }: Pick<Scope, 'config'>, { proxyConfig }: Pick<RouteKey, 'proxyConfig'>): boolean {
  return (proxyConfig ?? config.defaultConfig)?.proxyHeaders?.attemptCount?.disabled !== true;
}

/** Requests are told apart by host, whatever port they name. */
export function configuration(name: string, hosts: VirtualHost[]): Configuration {
  return {
    name,
    virtualHosts: hosts,
    validateClusters: false,
    maxDirectResponseBodySizeBytes: maxDirectResponseBytes,
    ignorePortInHostMatching: true,
  };
}
