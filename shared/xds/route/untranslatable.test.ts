import { describe, expect, it } from 'vitest';
import { virtualService } from '../../../test/fixtures/listeners.ts';
import type { HttpRoute } from '../../config/networking/virtual-service.ts';
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

  it('may have no HTTP routes', () => {
    expect(untranslatable(virtualService('vs', { hosts: ['web'] }))).toEqual([]);
  });
});
