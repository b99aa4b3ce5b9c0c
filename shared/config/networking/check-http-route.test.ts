import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject } from '../../lib/json.ts';
import { virtualServiceKind } from './check-virtual-service.ts';

const forwards = { route: [{ destination: { host: 'web' } }] };

/** Findings of one HTTP route, their paths from there. */
function check(route: JsonObject): readonly string[] {
  const found = findingsOf(virtualServiceKind, { hosts: ['web'], gateways: ['a/b'], http: [route] });
  return found.map((text) => text.replace(/spec\.http\[0\]\.?/, ''));
}

const also = (parts: JsonObject): readonly string[] => check({ ...forwards, ...parts });

describe('an HTTP route', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['nothing', {}, [': HTTP route, redirect or direct_response is required']],
    [
      'redirect and everything else',
      { ...forwards, redirect: { uri: '/' }, directResponse: { status: 200 }, fault: { delay: {} }, rewrite: { uri: '/' } },
      [
        'route: HTTP route cannot contain both route and redirect',
        'fault: HTTP route cannot contain both fault and redirect',
        'rewrite: HTTP route rule cannot contain both rewrite and redirect',
        'directResponse: HTTP route rule cannot contain both direct_response and redirect',
      ],
    ],
    [
      'answer and forward',
      { ...forwards, directResponse: { status: 200 } },
      ['route: HTTP route cannot contain both route and direct_response'],
    ],
    [
      'delegate and do something itself',
      { name: 'r', ...forwards, delegate: { name: 'd' }, redirect: { uri: '/' } },
      ['redirect: root HTTP route r must not specify redirect', 'route: root HTTP route r must not specify route'],
    ],
    ['delegate', { delegate: { name: 'd' } }, []],
    [
      'mirror twice',
      { ...forwards, mirror: { host: 'a' }, mirrors: [{ destination: { host: 'b' } }] },
      ['mirrors: HTTP route cannot contain both mirror and mirrors'],
    ],
  ])('does one thing: %s', (_, route, findings) => {
    expect(check(route)).toEqual(findings);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['an empty path prefix', { uri: { prefix: '' } }, []],
    ['another empty prefix', { method: { prefix: '' } }, ['method: "method": prefix string match should not be empty']],
    ['an empty expression', { uri: { regex: '' } }, ['uri: "uri": regex string match should not be empty']],
    ['a long expression', { uri: { regex: 'a'.repeat(1025) } }, ['uri: "uri": regex is too large, max length allowed is 1024']],
    [
      'a bad expression',
      { queryParams: { q: { regex: '*' } } },
      [
        'queryParams[q]: "queryParams": error parsing regexp: missing argument to repetition operator: `*`; ' +
          'Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)',
      ],
    ],
    ['a missing header', { withoutHeaders: { a: { regex: '*' } } }, []],
    ['a pseudo header', { headers: { ':path': { exact: '/' } } }, []],
    ['a bad header', { headers: { 'a b': {} } }, ['headers[a b]: header name a b is not a valid header name']],
    ['a header without a name', { withoutHeaders: { '': {} } }, ['withoutHeaders[]: header name cannot be empty']],
    ['a port', { port: 65_536 }, ['port: port number 65536 must be in the range 1..65535']],
    [
      'labels',
      { sourceLabels: { 'a b': 'c d' } },
      ['sourceLabels[a b]: invalid tag key: "a b"', 'sourceLabels[a b]: invalid tag value: "c d"'],
    ],
    ['a namespace', { sourceNamespace: 'a.b' }, ['sourceNamespace: sourceNamespace match a.b is invalid']],
    ['a gateway by its old name', { gateways: ['gw.ns'] }, []],
  ])('matches by %s', (_, match, findings) => {
    expect(also({ match: [match] })).toEqual(findings.map((finding) => `match[0].${finding}`));
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['the host', { request: { set: { Host: 'a' } } }, []],
    ['the authority', { request: { add: { ':authority': 'a' } } }, []],
    [
      'another pseudo header',
      { request: { set: { ':path': 'a' } } },
      ['request.set[:path]: invalid header ":path": header cannot have ":" prefix'],
    ],
    ['the host of a response', { response: { set: { HOST: 'a' } } }, ['response.set[HOST]: invalid header "HOST": cannot set Host header']],
    ['no name', { request: { remove: [''] } }, ['request.remove[0]: header name cannot be empty']],
    ['removal of the host', { request: { remove: ['host'] } }, ['request.remove[0]: invalid header "host": cannot set Host header']],
    [
      'a bad value',
      { response: { add: { a: '100%' } } },
      ['response.add[a]: header value configuration: invalid header configuration. Un-escaped %'],
    ],
  ])('changes headers: %s', (_, headers, findings) => {
    const paths = findings.map((finding) => finding);
    expect(also({ headers })).toEqual(paths.map((finding) => `headers.${finding}`));
    expect(check({ route: [{ ...forwards.route[0], headers }] })).toEqual(paths.map((finding) => `route[0].headers.${finding}`));
  });

  it('rewrites the host once', () => {
    const headers = { request: { set: { Host: 'b' } } };
    const message = 'headers.request: authority header cannot be set multiple times: have "a", attempting to set "b"';

    expect(also({ rewrite: { authority: 'a' }, headers })).toEqual([message]);
    expect(also({ headers: { request: { set: { host: 'a' }, add: { ':AUTHORITY': 'b' } } } })).toEqual([message]);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['an origin', { allowOrigins: [{}] }, ["allowOrigins[0]: '' is not a valid match type for CORS allow origins"]],
    ['a method', { allowMethods: ['*', 'get'] }, ['allowMethods[1]: "get" is not a supported HTTP method']],
    ['headers', { allowHeaders: ['*', 'a!'], exposeHeaders: ['a b'] }, ['exposeHeaders[0]: header name a b is not a valid header name']],
    ['parts of a second', { maxAge: '1.5s' }, ['maxAge: max_age duration is accurate only to seconds precision']],
  ])('allows other origins: %s', (_, corsPolicy, findings) => {
    expect(also({ corsPolicy })).toEqual(findings.map((finding) => `corsPolicy.${finding}`));
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['neither', {}, [': HTTP fault injection must have an abort and/or a delay']],
    ['a status', { abort: { httpStatus: 601 } }, ['.abort.httpStatus: HTTP status 601 is not in range 200-599']],
    ['HTTP/2', { abort: { http2Error: 'x' } }, ['.abort.http2Error: HTTP/2 abort fault injection not supported yet']],
    ['no error, of which the warning is lost', { abort: {} }, []],
    [
      'a share',
      { abort: { httpStatus: 500, percentage: { value: 0.000_01 } } },
      ['.abort.percentage: percentage 1e-05 is neither 0.0, nor in range [0.0001, 100.0]'],
    ],
    ['a delay', { delay: { fixedDelay: '0.0005s' } }, ['.delay.fixedDelay: duration must be greater than 1ms']],
    ['a growing delay', { delay: { exponentialDelay: '1s' } }, ['.delay.exponentialDelay: exponentialDelay not supported yet']],
  ])('injects faults: %s', (_, fault, findings) => {
    expect(also({ fault })).toEqual(findings.map((finding) => `fault${finding}`));
  });

  it('names the statuses of gRPC', () => {
    expect(also({ fault: { abort: { grpcStatus: 'NOT_FOUND' } } })).toEqual([]);
    expect(also({ fault: { abort: { grpcStatus: '5' } } })).toEqual([expect.stringContaining('gRPC status "5" is not supported.')]);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['whole percents', { mirrorPercent: 101 }, ['mirrorPercent: mirror_percent must have a max value of 100 (it has 101)']],
    [
      'few whole percents',
      { mirrorPercent: 1 },
      ['warning: mirrorPercent: using deprecated setting "mirrorPercent", use "mirrorPercentage" instead'],
    ],
    [
      'more than all',
      { mirrorPercentage: { value: 100.5 } },
      ['mirrorPercentage: mirror_percentage must have a max value of 100 (it has 100.500000)'],
    ],
    [
      'several',
      { mirrors: [{}, { destination: { host: '*' }, percentage: { value: -1 } }] },
      [
        'mirrors[0].destination: destination is required for mirrors',
        'mirrors[1].destination.host: invalid destination host *',
        'mirrors[1].percentage: mirror percentage must have a min value of 0 (it has -1.000000)',
      ],
    ],
  ])('mirrors %s', (_, parts, findings) => {
    expect(also(parts)).toEqual(findings);
  });

  it.each<[string, JsonObject, readonly string[]]>(
    [
      ['nowhere', {}, 'redirect must specify URI, authority, scheme, or port'],
      ['by another code', { uri: '/', redirectCode: 200 }, '200 is not a valid redirect code, must be 3xx'],
      ['to another protocol', { scheme: 'ftp' }, 'invalid redirect scheme, must be "http" or "https"'],
      ['to no port', { port: 70_000 }, 'port number 70000 must be in the range 1..65535'],
      ['with a new path and a new prefix', { uri: '/', prefixRewrite: '/' }, 'redirect may only contain one of URI or prefix_rewrite'],
    ].map(([what, redirect, message]) => [what, redirect, [`redirect: ${message}`]] as [string, JsonObject, readonly string[]]),
  )('redirects %s', (_, redirect, findings) => {
    expect(check({ redirect })).toEqual(findings);
  });

  it('replaces prefixes of paths that were matched by one', () => {
    const redirect = { prefixRewrite: '/b' };

    expect(check({ match: [{ uri: { prefix: '/a' } }, {}], redirect })).toEqual([]);
    expect(check({ match: [{ uri: { exact: '/a' } }], redirect })).toEqual([
      'redirect: redirect prefix_rewrite requires all URI matches to use prefix match type',
    ]);
  });

  it('answers with a body up to 1 MiB, and a warning from 100 KiB on', () => {
    const answer = (size: number) => check({ directResponse: { status: 200, body: { string: 'a'.repeat(size) } } });
    const large = 'large direct_responses may impact control plane performance';

    expect(answer(100 * 1024)).toEqual([]);
    expect(answer(100 * 1024 + 1)).toEqual([`warning: directResponse.body: ${large}`]);
    expect(answer(1024 * 1024 + 1)).toEqual([`directResponse.body: ${large}, must be less than 1MB`]);
    expect(check({ directResponse: {} })).toEqual(['directResponse.status: HTTP status 0 is not in range 200-599']);
  });

  it.each<[string, readonly string[]]>([
    ['AAE=', []],
    ['AAE', ['directResponse.body.bytes: illegal base64 data at input byte 3']],
    ['A-E=', ['directResponse.body.bytes: illegal base64 data at input byte 1']],
  ])('answers with bytes %j', (bytes, findings) => {
    expect(check({ directResponse: { status: 200, body: { bytes } } })).toEqual(findings);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['less than never', { attempts: -1 }, ['attempts: attempts cannot be negative']],
    ['never, with conditions', { retryOn: '5xx' }, ['attempts: http retry policy configured when attempts are set to 0 (disabled)']],
    ['never, anywhere', { retryRemoteLocalities: false }, ['attempts: http retry policy configured when attempts are set to 0 (disabled)']],
    ['on statuses with a name', { attempts: 1, retryOn: '503,5xx,cancelled' }, []],
    [
      'on others',
      { attempts: 1, retryOn: '599, 5xx' },
      ['retryOn: "599" is not a valid retryOn policy', 'retryOn: " 5xx" is not a valid retryOn policy'],
    ],
    [
      'in no time',
      { attempts: 1, perTryTimeout: '0s', backoff: '0.0015s' },
      ['perTryTimeout: duration must be greater than 1ms', 'backoff: only durations to ms precision are supported'],
    ],
  ])('retries %s', (_, retries, findings) => {
    expect(also({ retries })).toEqual(findings.map((finding) => `retries.${finding}`));
  });

  it.each<[string, JsonObject, string | undefined]>([
    [
      'nothing',
      {},
      'rewrite: rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified',
    ],
    ['twice', { uri: '/', uriRegexRewrite: {} }, 'rewrite: rewrite may only contain one of URI or UriRegexRewrite'],
    [
      'by half an expression',
      { uriRegexRewrite: { match: 'a' } },
      'rewrite.uriRegexRewrite: UriRegexRewrite has errors\nUriRegexRewrite requires both Rewrite and Match fields to be specified',
    ],
    ['by an expression', { uriRegexRewrite: { match: 'a', rewrite: 'b' } }, undefined],
  ])('rewrites %s', (_, rewrite, finding) => {
    expect(also({ rewrite })).toEqual(finding === undefined ? [] : [finding]);
  });
});
