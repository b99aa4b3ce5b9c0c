/** Routes of a VirtualService: one for each match of each HTTP route. */

import { pack } from '../../lib/protobuf.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { Problem } from '../../lib/problem.ts';
import type { HttpRoute, VirtualService } from '../../config/networking/virtual-service.ts';
import type { HttpRouteDestination } from '../../config/networking/virtual-service-destination.ts';
import type { HttpMatch } from '../../config/networking/virtual-service-match.ts';
import type { RouteActionSchema, RouteSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { CorsPolicySchema } from '../../gen/envoy/extensions/filters/http/cors/v3/cors_pb.js';
import { HTTPFaultSchema } from '../../gen/envoy/extensions/filters/http/fault/v3/fault_pb.js';
import { type ConfigObject, configPath, objectName } from '../../model/index.ts';
import { durationOf } from '../duration.ts';
import { appliesTo } from './applies-to.ts';
import { corsConfig } from './cors.ts';
import { operationName } from './decorator.ts';
import type { RouteContext } from './destination.ts';
import { directResponseAction } from './direct-response.ts';
import { faultConfig } from './fault.ts';
import { headerFields, joinHeaderFields, newAuthority } from './headers.ts';
import type { Init } from './init.ts';
import { isCatchAll, routeMatch } from './match.ts';
import { mirrorPolicies } from './mirror.ts';
import { redirectAction } from './redirect.ts';
import { retryPolicy } from './retry.ts';
import { rewriteFields } from './rewrite.ts';
import { weightedClusters } from './weighted-cluster.ts';

type RouteAction = Init<typeof RouteActionSchema>;
/** A route before it is created. */
export type Route = Init<typeof RouteSchema>;

/** The routes that a VirtualService gives to one proxy and port, and what of it could not be translated. */
export interface Routes {
  readonly routes: readonly Route[];
  readonly problems: readonly Problem[];
}

/**
 * In the order of the VirtualService; what stands behind a route that takes every request is never reached and left out, as are routes that are
 * not for this proxy, and routes that Envoy cannot do.
 */
export function virtualServiceRoutes(object: ConfigObject<VirtualService>, context: RouteContext): Routes {
  const routes: Route[] = [];
  const problems: Problem[] = [];
  for (const [index, route] of (object.spec.http ?? []).entries()) {
    const matches = (route.match?.length ? route.match : [undefined]).filter((match) => !match || appliesTo(match, context.client));
    if (matches.length === 0) continue;
    const source: RouteSource = { object, route, path: `spec.http[${index}]` };
    const base = baseRoute(source, context, problems);
    if (!base) continue;
    for (const match of matches) {
      const made = matchedRoute(base, match, source, context.client.listenPort);
      routes.push(made);
      if (made.match && isCatchAll(made.match)) return { routes, problems };
    }
  }
  return { routes, problems };
}

/** A route and where it stands, for problems. */
interface RouteSource {
  readonly object: ConfigObject<VirtualService>;
  readonly route: HttpRoute;
  /** `spec.http[2]` */
  readonly path: string;
}

type Base = Omit<Route, 'match' | 'name' | 'decorator'>;

/** What all matches of a route share; nothing if it leads nowhere. */
function baseRoute({ object, route, path }: RouteSource, context: RouteContext, problems: Problem[]): Base | undefined {
  const report = (field: string, message: string): void => {
    problems.push({ code: 'untranslatable-route', severity: 'error', object: objectName(object), path: `${path}${field}`, message });
  };
  const action = routeTarget(route, context);
  if (!action.ok) {
    report(action.field, action.error);
    return undefined;
  }
  return {
    ...action.value,
    metadata: { filterMetadata: { istio: { config: configPath(object) } } },
    typedPerFilterConfig: filterConfigs(route, report),
  };
}

function matchedRoute(base: Base, match: HttpMatch | undefined, { object, route }: RouteSource, listenPort: number): Route {
  const name = `${route.name ?? ''}${match?.name ? `.${match.name}` : ''}`;
  const wanted = routeMatch(match);
  const action = base.action?.case === 'route' ? base.action.value : undefined;
  return {
    ...base,
    name,
    match: wanted,
    decorator: { operation: operationName(action, wanted, `${object.name}:${listenPort}`) },
    ...(match?.statPrefix && { statPrefix: match.statPrefix }),
  };
}

/** An answer, or the field that is wrong and why. */
type FieldResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly field: string; readonly error: string };

/** What the route does with a request, and how it changes headers. */
function routeTarget(route: HttpRoute, context: RouteContext): FieldResult<Base> {
  const headers = headerFields(route.headers ?? {});
  if (route.redirect) {
    const redirect = redirectAction(route.redirect, context.client.listenPort);
    return redirect.ok ? ok({ ...headers, action: { case: 'redirect', value: redirect.value } }) : { ...redirect, field: '.redirect' };
  }
  if (route.directResponse) {
    const response = directResponseAction(route.directResponse);
    return response.ok ? ok({ ...headers, action: { case: 'directResponse', value: response.value } }) : { ...response, field: '.directResponse' };
  }
  const destinations = usableDestinations(route);
  if (!destinations.ok) return { ...destinations, field: '.route' };
  const [only, ...others] = destinations.value;
  if (only && others.length === 0) return ok(singleRoute(route, only, context));
  const common = { ...commonAction(route, context, 'any'), ...hostRewrite(routeAuthority(route)) };
  return ok({ ...headers, action: { case: 'route', value: { ...common, ...weightedClusters(destinations.value, context) } } });
}

function usableDestinations({ route = [] }: HttpRoute): Result<readonly HttpRouteDestination[]> {
  if (route.length === 0) return fail('the route leads nowhere: give it route, redirect or directResponse');
  if (route.some(({ destination }) => !destination?.host)) return fail('a destination has no host');
  if (route.length > 1 && route.every(({ weight = 0 }) => weight <= 0)) return fail('no destination has a weight');
  return ok(route);
}

/** The weight of a destination without others means nothing; its header operations are the route's. */
function singleRoute(route: HttpRoute, { destination = {}, headers = {} }: HttpRouteDestination, context: RouteContext): Base {
  const hash = context.hashOf(destination);
  const action: RouteAction = {
    ...commonAction(route, context, hash ? 'sticky' : 'any'),
    ...hostRewrite(routeAuthority(route) ?? newAuthority(headers)),
    clusterSpecifier: { case: 'cluster', value: context.clusterOf(destination) },
    hashPolicy: hash ? [hash] : [],
  };
  return { ...joinHeaderFields(headerFields(route.headers ?? {}), headerFields(headers)), action: { case: 'route', value: action } };
}

function routeAuthority({ rewrite, headers = {} }: HttpRoute): string | undefined {
  return rewrite?.authority || newAuthority(headers);
}

function hostRewrite(authority: string | undefined): RouteAction {
  return authority === undefined ? {} : { hostRewriteSpecifier: { case: 'hostRewriteLiteral', value: authority } };
}

function commonAction(route: HttpRoute, context: RouteContext, hosts: 'any' | 'sticky'): RouteAction {
  const timeout = durationOf(route.timeout ?? '0s');
  const retry = retryPolicy(route.retries ?? context.defaultRetry, hosts);
  return {
    timeout,
    maxGrpcTimeout: timeout,
    ...(retry && { retryPolicy: retry }),
    ...rewriteFields(route.rewrite ?? {}),
    requestMirrorPolicies: mirrorPolicies(route, context.clusterOf),
  };
}

/** Settings of HTTP filters for this route alone. */
function filterConfigs({ fault, corsPolicy }: HttpRoute, report: (field: string, message: string) => void): NonNullable<Route['typedPerFilterConfig']> {
  const faults = fault && faultConfig(fault);
  if (faults && !faults.ok) report('.fault', faults.error);
  return {
    ...(corsPolicy && { 'envoy.filters.http.cors': pack(CorsPolicySchema, corsConfig(corsPolicy)) }),
    ...(faults?.ok && { 'envoy.filters.http.fault': pack(HTTPFaultSchema, faults.value) }),
  };
}
