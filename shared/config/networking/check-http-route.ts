/** Rules of one HTTP route of a VirtualService. */

import { at, each, error, type Findings, warning } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { isAuthorityHeader } from '../../lib/header-name.ts';
import { checkDuration } from '../duration-field.ts';
import type { HttpRoute } from './virtual-service.ts';
import { checkCors } from './virtual-service-cors.ts';
import { checkDestination, checkRouteDestinations, type DestinationRules } from './virtual-service-destination.ts';
import { checkDirectResponse } from './virtual-service-direct-response.ts';
import { checkFault } from './virtual-service-fault.ts';
import { checkHeaders } from './virtual-service-headers.ts';
import { checkHttpMatch } from './virtual-service-match.ts';
import { checkMirrorShare, checkMirrors } from './virtual-service-mirror.ts';
import { checkRedirect } from './virtual-service-redirect.ts';
import { checkRetry } from './virtual-service-retry.ts';
import { checkRewrite } from './virtual-service-rewrite.ts';

/** Whose route it is: one that other VirtualServices delegate to has no `delegate` itself. */
export type RouteOwner = 'root' | 'delegate';

export function* checkHttpRoute(route: HttpRoute, owner: RouteOwner, rules: DestinationRules): Findings {
  yield* checkActions(route, owner);
  yield* each('match', route.match, checkHttpMatch);
  yield* checkOfEachRequest(route);
  yield* checkMirroring(route);
  if (route.redirect) yield* at('redirect', checkRedirect(route.redirect, route.match ?? []));
  if (route.directResponse) yield* at('directResponse', checkDirectResponse(route.directResponse));
  if (route.retries) yield* at('retries', checkRetry(route.retries));
  if (route.rewrite) yield* at('rewrite', checkRewrite(route.rewrite));
  yield* checkAuthority(route);
  yield* checkRouteDestinations(route.route ?? [], rules, ({ headers }) => (headers ? at('headers', checkHeaders(headers)) : []));
  yield* checkDuration('timeout', route.timeout);
}

function* checkOfEachRequest({ headers, corsPolicy, fault }: HttpRoute): Findings {
  if (headers) yield* at('headers', checkHeaders(headers));
  if (corsPolicy) yield* at('corsPolicy', checkCors(corsPolicy));
  if (fault) yield* at('fault', checkFault(fault));
}

function* checkMirroring({ mirror, mirrors, mirrorPercent, mirrorPercentage }: HttpRoute): Findings {
  if (mirrorPercent !== undefined) {
    if (mirrorPercent > 100) {
      yield error('mirror-percentage', 'mirrorPercent', `mirror_percent must have a max value of 100 (it has ${mirrorPercent})`);
    }
    const message = 'using deprecated setting "mirrorPercent", use "mirrorPercentage" instead';
    yield warning('mirror-percent', 'mirrorPercent', message);
  }
  if (mirrorPercentage) yield* checkMirrorShare('mirrorPercentage', mirrorPercentage.value ?? 0, 'mirror_percentage');
  if (mirror) yield* at('mirror', checkDestination(mirror));
  yield* checkMirrors(mirrors);
}

/** A route does one thing: it forwards, redirects, answers, or leaves the rest to a delegate. */
function* checkActions(route: HttpRoute, owner: RouteOwner): Findings {
  const { name = '', redirect, directResponse, delegate } = route;
  const hasRoute = (route.route ?? []).length > 0;
  if (delegate && owner === 'root') {
    if (redirect) yield error('delegating-redirect', 'redirect', `root HTTP route ${name} must not specify redirect`);
    if (hasRoute) yield error('delegating-route', 'route', `root HTTP route ${name} must not specify route`);
    return;
  }
  if (delegate) yield error('delegate-twice', 'delegate', 'delegate HTTP route cannot contain delegate');
  if (redirect) yield* checkAlone(route, 'redirect');
  else if (directResponse) yield* checkAlone(route, 'direct_response');
  else if (!hasRoute) yield error('route-empty', '', 'HTTP route, redirect or direct_response is required');
  if (route.mirror && (route.mirrors ?? []).length > 0)
    yield error('mirror-twice', 'mirrors', 'HTTP route cannot contain both mirror and mirrors');
}

/** What answers by itself forwards nothing. */
function* checkAlone(route: HttpRoute, action: 'redirect' | 'direct_response'): Findings {
  if ((route.route ?? []).length > 0) yield error('route-and-answer', 'route', `HTTP route cannot contain both route and ${action}`);
  if (route.fault) yield error('fault-and-answer', 'fault', `HTTP route cannot contain both fault and ${action}`);
  if (route.rewrite) yield error('rewrite-and-answer', 'rewrite', `HTTP route rule cannot contain both rewrite and ${action}`);
  if (action === 'redirect' && route.directResponse) {
    yield error('redirect-and-answer', 'directResponse', 'HTTP route rule cannot contain both direct_response and redirect');
  }
}

/** The host that is called can be rewritten once. */
function* checkAuthority({ rewrite, headers }: HttpRoute): Findings {
  const { set = {}, add = {} } = headers?.request ?? {};
  let current = rewrite?.authority ?? '';
  for (const [name, value] of [...Object.entries(set), ...Object.entries(add)]) {
    if (!isAuthorityHeader(name)) continue;
    if (current !== '') {
      const message = `authority header cannot be set multiple times: have ${quoted(current)}, attempting to set ${quoted(value)}`;
      yield error('authority-twice', 'headers.request', message);
      return;
    }
    current = value;
  }
}
