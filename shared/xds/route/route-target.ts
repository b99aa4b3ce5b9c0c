/** What a route does with a request: it goes to one destination or several, elsewhere by a redirect, or is answered here. */

import type { HttpRoute } from '../../config/networking/virtual-service.ts';
import type { HttpRouteDestination } from '../../config/networking/virtual-service-destination.ts';
import type { RouteActionSchema, RouteSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { fail, ok, type Result } from '../../lib/result.ts';
import { durationOf } from '../duration.ts';
import type { Init } from '../init.ts';
import type { RouteContext } from './destination.ts';
import { directResponseAction } from './direct-response.ts';
import { headerFields, joinHeaderFields, newAuthority } from './headers.ts';
import { mirrorPolicies } from './mirror.ts';
import { redirectAction } from './redirect.ts';
import { retryPolicy } from './retry.ts';
import { rewriteFields } from './rewrite.ts';
import { weightedClusters } from './weighted-cluster.ts';

type RouteAction = Init<typeof RouteActionSchema>;

/** Where a route leads, with the changes to headers. */
export interface RouteTarget {
  readonly fields: Init<typeof RouteSchema>;
  /** That all requests go to; absent if there are several or none. */
  readonly cluster?: string;
}

/** What a route does with a request, or the field that is wrong and why. */
type TargetResult =
  | { readonly ok: true; readonly value: RouteTarget }
  | { readonly ok: false; readonly field: string; readonly error: string };

/** Istio compatibility: a redirect wins over a direct response, and that over destinations. */
export function routeTarget(route: HttpRoute, context: RouteContext): TargetResult {
  const headers = headerFields(route.headers ?? {});
  if (route.redirect) {
    const redirect = redirectAction(route.redirect, context.client);
    if (!redirect.ok) return { ...redirect, field: 'redirect' };
    return { ok: true, value: { fields: { ...headers, action: { case: 'redirect', value: redirect.value } } } };
  }
  if (route.directResponse) {
    const response = directResponseAction(route.directResponse);
    if (!response.ok) return { ...response, field: 'directResponse' };
    return { ok: true, value: { fields: { ...headers, action: { case: 'directResponse', value: response.value } } } };
  }
  const destinations = usableDestinations(route);
  if (!destinations.ok) return { ...destinations, field: 'route' };
  const [only, ...others] = destinations.value;
  const value = only && others.length === 0 ? singleRoute(route, only, context) : splitRoute(route, destinations.value, context);
  return { ok: true, value };
}

function usableDestinations({ route = [] }: HttpRoute): Result<readonly HttpRouteDestination[]> {
  if (route.length === 0) return fail('the route leads nowhere: give it route, redirect or directResponse');
  if (route.some(({ destination }) => !destination?.host)) return fail('a destination has no host');
  if (route.length > 1 && route.every(({ weight = 0 }) => weight <= 0)) return fail('no destination has a weight');
  return ok(route);
}

/** The weight of a destination without others means nothing; its header operations are the route's. */
function singleRoute(route: HttpRoute, { destination = {}, headers = {} }: HttpRouteDestination, context: RouteContext): RouteTarget {
  const hash = context.hashOf(destination);
  const cluster = context.clusterOf(destination);
  const action: RouteAction = {
    ...commonAction(route, context, hash ? 'sticky' : 'any'),
    ...hostRewrite(routeAuthority(route) ?? newAuthority(headers)),
    clusterSpecifier: { case: 'cluster', value: cluster },
    hashPolicy: hash ? [hash] : [],
  };
  const changes = joinHeaderFields(headerFields(route.headers ?? {}), headerFields(headers));
  return { fields: { ...changes, action: { case: 'route', value: action } }, cluster };
}

function splitRoute(route: HttpRoute, destinations: readonly HttpRouteDestination[], context: RouteContext): RouteTarget {
  const action: RouteAction = {
    ...commonAction(route, context, 'any'),
    ...hostRewrite(routeAuthority(route)),
    ...weightedClusters(destinations, context),
  };
  return { fields: { ...headerFields(route.headers ?? {}), action: { case: 'route', value: action } } };
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
