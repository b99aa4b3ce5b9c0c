import { describe, expect, it } from 'vitest';
import { decodeMessage } from '../../lib/proto-json.ts';
import { virtualService } from './virtual-service.ts';

const destination = { host: 'web', subset: 'v1', port: { number: 80 } };
const text = { exact: 'a' };
const headers = { request: { set: { a: 'b' }, add: { c: 'd' }, remove: ['e'] }, response: { set: { f: 'g' } } };
const source = { port: 80, sourceLabels: { app: 'web' }, gateways: ['mesh'], sourceNamespace: 'shop' };

/** One with every field that can stand beside the others. */
const complete = {
  hosts: ['web'],
  gateways: ['mesh', 'shop/gw'],
  http: [
    {
      name: 'main',
      match: [
        {
          name: 'm',
          uri: { prefix: '/' },
          scheme: text,
          method: text,
          authority: text,
          headers: { a: {}, b: { regex: '.*' } },
          queryParams: { q: text },
          ignoreUriCase: true,
          withoutHeaders: { c: text },
          statPrefix: 's',
          ...source,
        },
      ],
      route: [{ destination, weight: 80, headers }],
      delegate: { name: 'd', namespace: 'n' },
      rewrite: { uri: '/', authority: 'a', uriRegexRewrite: { match: 'm', rewrite: 'r' } },
      timeout: '5s',
      retries: {
        attempts: 3,
        perTryTimeout: '2s',
        retryOn: '5xx',
        retryRemoteLocalities: true,
        retryIgnorePreviousHosts: false,
        backoff: '0.050s',
      },
      fault: { delay: { percent: 1, fixedDelay: '1s', percentage: { value: 0.5 } }, abort: { httpStatus: 500, percentage: { value: 1 } } },
      mirror: destination,
      mirrors: [{ destination, percentage: { value: 50 } }],
      mirrorPercent: 0,
      mirrorPercentage: { value: 12.5 },
      corsPolicy: {
        allowOrigin: ['a'],
        allowOrigins: [text],
        allowMethods: ['GET'],
        allowHeaders: ['a'],
        exposeHeaders: ['b'],
        maxAge: '3600s',
        allowCredentials: false,
        unmatchedPreflights: 'IGNORE',
      },
      headers,
    },
    { redirect: { uri: '/', authority: 'a', port: 8443, scheme: 'https', redirectCode: 302 } },
    { redirect: { prefixRewrite: '/', derivePort: 'FROM_REQUEST_PORT' } },
    { directResponse: { status: 503, body: { string: 'down' } } },
    { directResponse: { status: 503, body: { bytes: 'AAEC' } } },
  ],
  tls: [{ match: [{ sniHosts: ['a'], destinationSubnets: ['10.0.0.0/8'], ...source }], route: [{ destination, weight: 1 }] }],
  tcp: [{ match: [{ destinationSubnets: ['10.0.0.0/8'], sourceSubnet: '10.0.0.0/8', ...source }], route: [{ destination, weight: 1 }] }],
  exportTo: ['.'],
};

describe('a VirtualService', () => {
  it('has every field of networking.istio.io/v1', () => {
    expect(decodeMessage(complete, virtualService, { unknownFields: 'refuse' })).toEqual({ ok: true, value: complete });
  });

  it('may use the names of the .proto file and Go’s durations', () => {
    const given = { http: [{ mirror_percent: 5, timeout: '1m30s', cors_policy: { max_age: '24h' } }] };
    expect(decodeMessage(given, virtualService, { unknownFields: 'refuse' })).toEqual({
      ok: true,
      value: { http: [{ mirrorPercent: 5, timeout: '90s', corsPolicy: { maxAge: '86400s' } }] },
    });
  });

  it.each<[string, object, string]>([
    ['a text for a list', { hosts: 'web' }, 'hosts'],
    ['a list for a match', { http: [{ match: [{ uri: [] }] }] }, 'http.0.match.0.uri'],
    ['a broken duration', { http: [{ timeout: 'soon' }] }, 'http.0.timeout'],
    ['a negative port', { http: [{ match: [{ port: -1 }] }] }, 'http.0.match.0.port'],
    ['an unknown word', { http: [{ corsPolicy: { unmatchedPreflights: 'MAYBE' } }] }, 'http.0.corsPolicy.unmatchedPreflights'],
  ])('is refused for %s, and the field is named', (_, given, field) => {
    expect(decodeMessage(given, virtualService, { unknownFields: 'ignore' })).toEqual({
      ok: false,
      error: expect.stringContaining(`${field}: `),
    });
  });
});
