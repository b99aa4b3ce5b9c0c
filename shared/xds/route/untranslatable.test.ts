import { describe, expect, it } from 'vitest';
import { virtualService } from '../../../test/fixtures/listeners.ts';
import type { HttpRoute, VirtualService } from '../../config/networking/virtual-service.ts';
import { untranslatable } from './untranslatable.ts';

const route = [{ destination: { host: 'web' } }];

function findings(http: HttpRoute) {
  const object = virtualService('vs', { hosts: ['web'], http: [{ route }, http] });
  return untranslatable(object).map(({ path, message }) => [path, message]);
}

describe('a VirtualService that Envoy could not do', () => {
  it.each<[string, HttpRoute, string]>([
    ['no target', {}, 'route'],
    ['a destination without a host', { route: [{ destination: {} }] }, 'route'],
    ['no weight at all', { route: [...route, ...route] }, 'route'],
    ['an unknown redirect', { redirect: { redirectCode: 304 } }, 'redirect'],
    ['an unknown status', { directResponse: { status: 999 } }, 'directResponse'],
    ['an unknown fault', { route, fault: { abort: { grpcStatus: 'NOPE' } } }, 'fault'],
    ['a broken path', { route, match: [{}, { uri: { regex: '(' } }] }, 'match[1].uri.regex'],
    ['a path *', { route, match: [{ uri: { regex: '*' } }] }, 'match[0].uri.regex'],
    ['a broken method', { route, match: [{ method: { regex: '+' } }] }, 'match[0].method.regex'],
    ['a broken header', { route, match: [{ headers: { 'x-a': { regex: '[' } } }] }, 'match[0].headers[x-a].regex'],
    ['a broken missing header', { route, match: [{ withoutHeaders: { a: { regex: 'a**' } } }] }, 'match[0].withoutHeaders[a].regex'],
    ['a broken parameter', { route, match: [{ queryParams: { q: { regex: '(?=a)' } } }] }, 'match[0].queryParams[q].regex'],
    ['a broken origin', { route, corsPolicy: { allowOrigins: [{ exact: 'a' }, { regex: ')' }] } }, 'corsPolicy.allowOrigins[1].regex'],
    ['a broken rewrite', { route, rewrite: { uriRegexRewrite: { match: '(', rewrite: '' } } }, 'rewrite.uriRegexRewrite.match'],
    ['a nameless header', { route, headers: { request: { set: { '': 'a' } } } }, 'headers.request'],
    [
      'a nameless header of a destination',
      { route: [{ destination: { host: 'web' }, headers: { response: { remove: [''] } } }] },
      'route[0].headers.response',
    ],
  ])('has %s', (_, http, field) => {
    expect(findings(http)).toEqual([[`spec.http[1].${field}`, expect.stringMatching(/; the whole object is left out$/)]]);
  });

  const delayed = (fixedDelay: string) => ({ fault: { delay: { fixedDelay } } });

  it.each<[string, HttpRoute, string]>([
    ['a negative timeout', { timeout: '-1s' }, 'timeout'],
    ['a negative timeout of a try', { retries: { perTryTimeout: '-1s' } }, 'retries.perTryTimeout'],
    ['no pause between tries', { retries: { backoff: '0s' } }, 'retries.backoff'],
    ['a delay of nothing', delayed('0s'), 'fault.delay.fixedDelay'],
    ['too much of a delay', { fault: { delay: { fixedDelay: '1s', percentage: { value: 101 } } } }, 'fault.delay.percentage'],
    ['less than none of a delay', { fault: { delay: { fixedDelay: '1s', percent: -1 } } }, 'fault.delay.percent'],
    ['less than none of an abort', { fault: { abort: { httpStatus: 500, percentage: { value: -1 } } } }, 'fault.abort.percentage'],
    ['less than none of a mirror', { mirror: { host: 'a' }, mirrorPercentage: { value: -1 } }, 'mirrorPercentage'],
    ['too many whole percents', { mirror: { host: 'a' }, mirrorPercent: 101 }, 'mirrorPercent'],
    ['too much of one of several mirrors', { mirrors: [{}, { percentage: { value: 200 } }] }, 'mirrors[1].percentage'],
    ['a long body', { directResponse: { status: 200, body: { string: 'é'.repeat(524_289) } } }, 'directResponse.body'],
    ['a line break in a new path', { rewrite: { uri: '/a\r\n' } }, 'rewrite.uri'],
    ['a line break in a new host', { redirect: { authority: 'a\n' } }, 'redirect.authority'],
    ['a line break in a header', { headers: { request: { add: { a: 'b\n' } } } }, 'headers.request'],
    ['a nameless header to match', { match: [{ headers: { '': {} } }] }, 'match[0].headers'],
    ['a nameless parameter to match', { match: [{}, { queryParams: { '': {} } }] }, 'match[1].queryParams'],
  ])('has %s', (_, http, field) => {
    expect(findings({ route, ...http })).toEqual([[`spec.http[1].${field}`, expect.any(String)]]);
  });

  it.each<[string, VirtualService, string]>([
    ['a TCP route to nowhere', { tcp: [{ route }, {}] }, 'tcp[1]'],
    ['a TCP destination without a host', { tcp: [{ route: [...route, { destination: {} }] }] }, 'tcp[0].route[1].destination.host'],
    ['a TLS route without weights', { tls: [{ route: [...route, ...route] }] }, 'tls[0].route'],
    [
      'a subnet that is none',
      { tcp: [{ route, match: [{}, { destinationSubnets: ['10.0.0.0/8', 'web'] }] }] },
      'tcp[0].match[1].destinationSubnets[1]',
    ],
    [
      'a subnet that is too long',
      { tls: [{ route, match: [{ destinationSubnets: ['10.0.0.0/33'] }] }] },
      'tls[0].match[0].destinationSubnets[0]',
    ],
    ['a wildcard inside of a label', { tls: [{ route, match: [{ sniHosts: ['a', '*b.example'] }] }] }, 'tls[0].match[0].sniHosts[1]'],
    ['an empty server name', { tls: [{ route, match: [{ sniHosts: [''] }] }] }, 'tls[0].match[0].sniHosts[0]'],
  ])('has %s', (_, spec, field) => {
    expect(untranslatable(virtualService('vs', spec)).map(({ path }) => path)).toEqual([`spec.${field}`]);
  });

  it('is told by name, with every field that is wrong', () => {
    const object = virtualService('vs', { http: [{ redirect: { redirectCode: 1 }, fault: {} }] });
    expect(untranslatable(object)).toMatchObject([
      { code: 'untranslatable-route', severity: 'error', object: 'VirtualService shop/vs', path: 'spec.http[0].redirect' },
      { path: 'spec.http[0].fault' },
    ]);
  });
});

describe('a VirtualService that Envoy can do', () => {
  it.each<[string, HttpRoute]>([
    ['destinations', { route }],
    [
      'headers with the regex *',
      { route, match: [{ headers: { a: { regex: '*' } }, withoutHeaders: { b: { regex: '*' } }, queryParams: { q: { regex: '*' } } }] },
    ],
    [
      'expressions',
      { route, match: [{ uri: { regex: '/a/(b|c)+' } }], rewrite: { uriRegexRewrite: { match: '^/(.*)$', rewrite: '/\\1' } } },
    ],
    ['a redirect', { redirect: { uri: '/' } }],
  ])('has %s', (_, http) => {
    expect(findings(http)).toEqual([]);
  });

  it('has any server name, subnet and weight of connections', () => {
    const match = [{ sniHosts: ['*', '*.example', 'a'], destinationSubnets: ['10.0.0.0/8', 'fd00::1'] }];
    expect(
      untranslatable(virtualService('vs', { tls: [{ match, route }], tcp: [{ route: [...route, { ...route[0], weight: 1 }] }] })),
    ).toEqual([]);
  });

  it('may have no HTTP routes', () => {
    expect(untranslatable(virtualService('vs', { hosts: ['web'] }))).toEqual([]);
  });
});
