/** What Envoy could not do of a VirtualService: it would refuse the whole configuration for it, the routes of all others included. */

import type { HttpRoute, VirtualService } from '../../config/networking/virtual-service.ts';
import type { HttpHeaders } from '../../config/networking/virtual-service-headers.ts';
import type { HttpMatch } from '../../config/networking/virtual-service-match.ts';
import type { StringMatch } from '../../config/networking/virtual-service-string-match.ts';
import type { Problem } from '../../lib/problem.ts';
import { regexProblem } from '../../lib/re2.ts';
import { type ConfigObject, objectName } from '../../model/index.ts';
import type { RouteContext } from './destination.ts';
import { faultConfig } from './fault.ts';
import { routeTarget } from './route-target.ts';
import { connectionFindings } from './untranslatable-connection.ts';
import type { Finding } from './untranslatable-finding.ts';
import { valueFindings } from './untranslatable-value.ts';

/** Nothing for a good one. The paths lead into the object as it was written, unless a delegate was merged in. */
export function untranslatable(object: ConfigObject<VirtualService>): readonly Problem[] {
  const http = (object.spec.http ?? []).flatMap((route, index) =>
    routeFindings(route).map(({ field, message }) => ({ field: `http[${index}].${field}`, message })),
  );
  return [...http, ...connectionFindings(object.spec)].map(({ field, message }) => ({
    code: 'untranslatable-route',
    severity: 'error',
    object: objectName(object),
    path: `spec.${field}`,
    message: `${message}; the whole object is left out`,
  }));
}

function routeFindings(route: HttpRoute): readonly Finding[] {
  return [...targetFindings(route), ...faultFindings(route), ...regexFindings(route), ...headerFindings(route), ...valueFindings(route)];
}

/** What a route does can be judged without knowing who asks. */
const anyone: RouteContext = {
  client: { labels: {}, namespace: '', gateways: new Set(), listenPort: 0 },
  clusterOf: () => '',
  hashOf: () => undefined,
};

function targetFindings(route: HttpRoute): readonly Finding[] {
  const target = routeTarget(route, anyone);
  return target.ok ? [] : [{ field: target.field, message: target.error }];
}

function faultFindings({ fault }: HttpRoute): readonly Finding[] {
  const made = fault && faultConfig(fault);
  return made && !made.ok ? [{ field: 'fault', message: made.error }] : [];
}

function regexFindings({ match = [], corsPolicy, rewrite }: HttpRoute): readonly Finding[] {
  const { match: rewritten } = rewrite?.uriRegexRewrite ?? {};
  const texts = [
    ...match.flatMap((one, index) => matchRegexes(one).map(([field, regex]) => [`match[${index}].${field}`, regex] as const)),
    ...(corsPolicy?.allowOrigins ?? []).map(({ regex }, index) => [`corsPolicy.allowOrigins[${index}].regex`, regex] as const),
    ['rewrite.uriRegexRewrite.match', rewritten] as const,
  ];
  return texts.flatMap(([field, regex]) => {
    const problem = regex === undefined ? undefined : regexProblem(regex);
    return problem === undefined ? [] : [{ field, message: `${JSON.stringify(regex)} is no regular expression of RE2: ${problem}` }];
  });
}

/** `*` stands for any value in headers and query parameters, though it is no expression. */
function matchRegexes(match: HttpMatch): readonly (readonly [field: string, regex: string | undefined])[] {
  const single = (['uri', 'scheme', 'method', 'authority'] as const).map((field) => [`${field}.regex`, match[field]?.regex] as const);
  const named = (['headers', 'withoutHeaders', 'queryParams'] as const).flatMap((field) => namedRegexes(field, match[field] ?? {}));
  return [...single.filter(([field, regex]) => field === 'uri.regex' || regex !== '*'), ...named];
}

function namedRegexes(field: string, matches: Readonly<Record<string, StringMatch>>): readonly (readonly [string, string | undefined])[] {
  return Object.entries(matches)
    .filter(([, { regex }]) => regex !== '*')
    .map(([name, { regex }]) => [`${field}[${name}].regex`, regex]);
}

function headerFindings({ headers, route = [] }: HttpRoute): readonly Finding[] {
  const ofDestinations = route.flatMap((one, index) => namelessHeaders(one.headers, `route[${index}].headers`));
  return [...namelessHeaders(headers, 'headers'), ...ofDestinations];
}

function namelessHeaders(headers: HttpHeaders | undefined, path: string): readonly Finding[] {
  return (['request', 'response'] as const).flatMap((side) => {
    const { set = {}, add = {}, remove = [] } = headers?.[side] ?? {};
    const names = [...Object.keys(set), ...Object.keys(add), ...remove];
    return names.includes('') ? [{ field: `${path}.${side}`, message: 'a header has no name' }] : [];
  });
}
