/** Values of HTTP routes that have the right type, and that Envoy refuses all the same. */

import type { HttpRoute } from '../../config/networking/virtual-service.ts';
import type { HttpHeaders } from '../../config/networking/virtual-service-headers.ts';
import type { HttpMatch } from '../../config/networking/virtual-service-match.ts';
import type { Percent } from '../../config/networking/virtual-service-percent.ts';
import { parseDuration } from '../../lib/duration.ts';
import { maxDirectResponseBytes } from './direct-response.ts';
import type { Finding } from './untranslatable-finding.ts';

/** Fields are below the route. */
export function valueFindings(route: HttpRoute): readonly Finding[] {
  return [
    ...durationFindings(route),
    ...percentFindings(route),
    ...bodyFindings(route),
    ...textFindings(route),
    ...(route.match ?? []).flatMap((match, index) => nameFindings(match, `match[${index}]`)),
  ];
}

function durationFindings({ timeout, retries, fault }: HttpRoute): readonly Finding[] {
  const atLeast = [
    ['timeout', timeout, 0n],
    ['retries.perTryTimeout', retries?.perTryTimeout, 0n],
    ['retries.backoff', retries?.backoff, 1n],
    ['fault.delay.fixedDelay', fault?.delay?.fixedDelay, 1n],
  ] as const;
  return atLeast.flatMap(([field, text, least]) => {
    const isTooShort = text !== undefined && (parseDuration(text) ?? least) < least;
    return isTooShort
      ? [{ field, message: `${text} is too short: Envoy takes ${least === 0n ? 'no negative' : 'only positive'} durations` }]
      : [];
  });
}

function percentFindings({ fault, mirrorPercentage, mirrorPercent, mirrors = [] }: HttpRoute): readonly Finding[] {
  const percentages: readonly (readonly [field: string, percentage: Percent | undefined])[] = [
    ['fault.delay.percentage', fault?.delay?.percentage],
    ['fault.delay.percent', { value: fault?.delay?.percent ?? 0 }],
    ['fault.abort.percentage', fault?.abort?.percentage],
    ['mirrorPercentage', mirrorPercentage],
    ['mirrorPercent', { value: mirrorPercent ?? 0 }],
    ...mirrors.map(({ percentage }, index) => [`mirrors[${index}].percentage`, percentage] as const),
  ];
  return percentages.flatMap(([field, { value = 0 } = {}]) =>
    value < 0 || value > 100 ? [{ field, message: `${value} is no percentage: take one from 0 to 100` }] : [],
  );
}

function bodyFindings({ directResponse }: HttpRoute): readonly Finding[] {
  const { string = '', bytes = '' } = directResponse?.body ?? {};
  const size = Math.max(Buffer.byteLength(string), Buffer.byteLength(bytes, 'base64'));
  return size > maxDirectResponseBytes
    ? [{ field: 'directResponse.body', message: `the body is longer than ${maxDirectResponseBytes} bytes` }]
    : [];
}

/** Texts that become a part of requests or responses must not break their lines. */
function textFindings({ redirect, rewrite, headers, route = [] }: HttpRoute): readonly Finding[] {
  const texts: readonly (readonly [field: string, text: string | undefined])[] = [
    ['redirect.uri', redirect?.uri],
    ['redirect.authority', redirect?.authority],
    ['redirect.scheme', redirect?.scheme],
    ['redirect.prefixRewrite', redirect?.prefixRewrite],
    ['rewrite.uri', rewrite?.uri],
    ['rewrite.authority', rewrite?.authority],
    ...headerTexts(headers, 'headers'),
    ...route.flatMap((one, index) => headerTexts(one.headers, `route[${index}].headers`)),
  ];
  return texts.flatMap(([field, text = '']) =>
    lineBreak.test(text) ? [{ field, message: 'the text has a line break or a null byte' }] : [],
  );
}

const lineBreak = /[\0\r\n]/;

function headerTexts(headers: HttpHeaders | undefined, path: string): readonly (readonly [string, string])[] {
  return (['request', 'response'] as const).flatMap((side) => {
    const { set = {}, add = {}, remove = [] } = headers?.[side] ?? {};
    const texts = [...Object.entries(set).flat(), ...Object.entries(add).flat(), ...remove];
    return texts.map((text) => [`${path}.${side}`, text] as const);
  });
}

/** Headers and parameters that are matched have a name. */
function nameFindings(match: HttpMatch, path: string): readonly Finding[] {
  return (['headers', 'withoutHeaders', 'queryParams'] as const).flatMap((field) => {
    const names = Object.keys(match[field] ?? {});
    const hasBadName = names.some((name) => name === '' || lineBreak.test(name));
    return hasBadName ? [{ field: `${path}.${field}`, message: 'a name is empty or has a line break' }] : [];
  });
}
