import type { HttpMatch } from '../../config/networking/virtual-service-match.ts';
import type { StringMatch } from '../../config/networking/virtual-service-string-match.ts';
import type {
  HeaderMatcherSchema,
  QueryParameterMatcherSchema,
  RouteMatchSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { claimPath } from '../../lib/claim-header.ts';
import { compareText } from '../../lib/compare-text.ts';
import type { Init } from '../init.ts';
import { claimMatcher } from './claim-match.ts';
import { stringMatcher } from './string-matcher.ts';

type HeaderMatcher = Init<typeof HeaderMatcherSchema>;
type QueryParameterMatcher = Init<typeof QueryParameterMatcherSchema>;
type StringMatches = readonly (readonly [name: string, match: StringMatch])[];

/** Whether a path `/ab` begins with the prefix `/a`: as texts it does, as segments it does not. */
export type PrefixMeaning = 'text' | 'segments';

/** Envoy's form of what a request must look like. */
export type RouteMatch = Init<typeof RouteMatchSchema>;

/**
 * What of a request decides about a route; without a match every request is taken. Port, source and gateways are not of the request: they were
 * looked at before (see `applies-to.ts`).
 */
export function routeMatch(match: HttpMatch | undefined, prefixMeaning: PrefixMeaning = 'text'): RouteMatch {
  if (!match) return { pathSpecifier: everyPath };
  const headers = sortedEntries(match.headers);
  const withoutHeaders = sortedEntries(match.withoutHeaders);
  const claims = [...headers.map(withSense('with')), ...withoutHeaders.map(withSense('without'))].flatMap(claim);
  return {
    pathSpecifier: pathSpecifier(match.uri, prefixMeaning),
    caseSensitive: !match.ignoreUriCase,
    headers: [...headerMatchers(headers, withoutHeaders), ...pseudoHeaderMatchers(match)],
    queryParameters: sortedEntries(match.queryParams).map(queryParameterMatcher),
    dynamicMetadata: claims,
  };
}

/** Whether a match takes every request, so that no route behind it is ever reached. */
export function isCatchAll({ pathSpecifier: path, headers = [], queryParameters = [], dynamicMetadata = [] }: RouteMatch): boolean {
  const takesEveryPath = (path?.case === 'prefix' && path.value === '/') || (path?.case === 'safeRegex' && path.value.regex === '.*');
  return takesEveryPath && headers.length === 0 && queryParameters.length === 0 && dynamicMetadata.length === 0;
}

const everyPath = { case: 'prefix', value: '/' } as const;

function pathSpecifier(uri: StringMatch | undefined, meaning: PrefixMeaning): NonNullable<RouteMatch['pathSpecifier']> {
  if (uri?.exact !== undefined) return { case: 'path', value: uri.exact };
  if (uri?.prefix !== undefined && uri.prefix !== '/' && meaning === 'segments') {
    return { case: 'pathSeparatedPrefix', value: uri.prefix.endsWith('/') ? uri.prefix.slice(0, -1) : uri.prefix };
  }
  if (uri?.prefix !== undefined) return { case: 'prefix', value: uri.prefix };
  if (uri?.regex !== undefined) return { case: 'safeRegex', value: { regex: uri.regex } };
  return everyPath;
}

/** By name; of one name in both lists that which must be there goes first. */
function headerMatchers(headers: StringMatches, withoutHeaders: StringMatches): readonly HeaderMatcher[] {
  const matchers = [...headers.filter(isHeader).map(headerMatcher), ...withoutHeaders.filter(isHeader).map(missingHeaderMatcher)];
  return matchers.sort((a, b) => compareText(a.name ?? '', b.name ?? ''));
}

function pseudoHeaderMatchers({ method, authority, scheme }: HttpMatch): readonly HeaderMatcher[] {
  const pairs = [[':method', method] as const, [':authority', authority] as const, [':scheme', scheme] as const];
  return pairs.flatMap(([name, match]) => (match ? [headerMatcher([name, match])] : []));
}

function headerMatcher([name, match]: StringMatches[number]): HeaderMatcher {
  const value = stringMatcher(match);
  return { name, headerMatchSpecifier: value ? { case: 'stringMatch', value } : { case: 'presentMatch', value: true } };
}

/** A header that is missing altogether satisfies `withoutHeaders`. */
function missingHeaderMatcher(entry: StringMatches[number]): HeaderMatcher {
  const matcher = headerMatcher(entry);
  const isPresence = matcher.headerMatchSpecifier?.case === 'presentMatch';
  return { ...matcher, invertMatch: true, treatMissingHeaderAsEmpty: !isPresence };
}

function queryParameterMatcher([name, match]: StringMatches[number]): QueryParameterMatcher {
  const value = stringMatcher(match);
  return { name, queryParameterMatchSpecifier: value ? { case: 'stringMatch', value } : { case: 'presentMatch', value: true } };
}

function isHeader([name]: StringMatches[number]): boolean {
  return claimPath(name) === undefined;
}

type Sense = 'with' | 'without';

function withSense(sense: Sense) {
  return ([name, match]: StringMatches[number]) => ({ sense, name, match });
}

function claim({ sense, name, match }: { readonly sense: Sense; readonly name: string; readonly match: StringMatch }) {
  const path = claimPath(name);
  return path ? [claimMatcher(path, match, sense)] : [];
}

function sortedEntries(matches: Readonly<Record<string, StringMatch>> | undefined): StringMatches {
  return Object.entries(matches ?? {}).sort(([a], [b]) => compareText(a, b));
}
