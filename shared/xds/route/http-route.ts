/** Routes of a VirtualService: one for each match of each HTTP route. */

import type { HttpRoute, VirtualService } from '../../config/networking/virtual-service.ts';
import type { HttpMatch } from '../../config/networking/virtual-service-match.ts';
import type { RouteSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { CorsPolicySchema } from '../../gen/envoy/extensions/filters/http/cors/v3/cors_pb.js';
import { HTTPFaultSchema } from '../../gen/envoy/extensions/filters/http/fault/v3/fault_pb.js';
import { pack } from '../../lib/protobuf.ts';
import { type ConfigObject, configPath, routeSemanticsAnnotation } from '../../model/index.ts';
import type { Init } from '../init.ts';
import { httpAppliesTo } from './applies-to.ts';
import { corsConfig } from './cors.ts';
import { operationName } from './decorator.ts';
import type { RouteContext } from './destination.ts';
import { faultConfig } from './fault.ts';
import { isCatchAll, type PrefixMeaning, routeMatch } from './match.ts';
import { type RouteTarget, routeTarget } from './route-target.ts';

/** A route before it is created. */
export type Route = Init<typeof RouteSchema>;

/**
 * The routes that a VirtualService gives to one proxy and port, in its order. What stands behind a route that takes every request is never reached
 * and left out, as are routes that are for others.
 */
export function virtualServiceRoutes(object: ConfigObject<VirtualService>, context: RouteContext): readonly Route[] {
  const routes: Route[] = [];
  for (const route of object.spec.http ?? []) {
    const matches = (route.match?.length ? route.match : [undefined]).filter((match) => !match || httpAppliesTo(match, context.client));
    const target = matches.length === 0 ? undefined : commonTarget(object, route, context);
    if (!target) continue;
    for (const match of matches) {
      const wanted = routeMatch(match, prefixMeaning(object));
      const operation = operationName(target.cluster, wanted, `${object.name}:${context.client.listenPort}`);
      routes.push({ ...target.fields, ...named(route, match), match: wanted, decorator: { operation } });
      if (isCatchAll(wanted)) return routes;
    }
  }
  return routes;
}

/** Kubernetes means whole path segments where Istio means the beginning of a text. */
function prefixMeaning({ annotations }: ConfigObject<VirtualService>): PrefixMeaning {
  return annotations[routeSemanticsAnnotation] === undefined ? 'text' : 'segments';
}

/** What all matches of a route share; nothing if it leads nowhere, which objects that are served do not have. */
function commonTarget(object: ConfigObject<VirtualService>, route: HttpRoute, context: RouteContext): RouteTarget | undefined {
  const target = routeTarget(route, context);
  if (!target.ok) return undefined;
  const metadata = { filterMetadata: { istio: { config: configPath(object) } } };
  return { ...target.value, fields: { ...target.value.fields, metadata, typedPerFilterConfig: filterConfigs(route) } };
}

function named({ name = '' }: HttpRoute, match: HttpMatch | undefined): Pick<Route, 'name' | 'statPrefix'> {
  return { name: match?.name ? `${name}.${match.name}` : name, ...(match?.statPrefix && { statPrefix: match.statPrefix }) };
}

/** Settings of HTTP filters for this route alone. */
function filterConfigs({ fault, corsPolicy }: HttpRoute): NonNullable<Route['typedPerFilterConfig']> {
  const faults = fault && faultConfig(fault);
  return {
    ...(corsPolicy && { 'envoy.filters.http.cors': pack(CorsPolicySchema, corsConfig(corsPolicy)) }),
    ...(faults?.ok && { 'envoy.filters.http.fault': pack(HTTPFaultSchema, faults.value) }),
  };
}
