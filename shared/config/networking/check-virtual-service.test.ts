import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject } from '../../lib/json.ts';
import { virtualServiceKind } from './check-virtual-service.ts';

const route = [{ destination: { host: 'web' } }];
const check = (spec: JsonObject): readonly string[] => findingsOf(virtualServiceKind, spec);
const rule = (spec: JsonObject): readonly string[] => check({ hosts: ['web'], http: [{ route }], ...spec });
const edge = (spec: JsonObject): readonly string[] => rule({ gateways: ['edge/gateway'], ...spec });

describe('a VirtualService', () => {
  it('of a host and a route is good', () => {
    expect(rule({})).toEqual([]);
  });

  it('without hosts holds only HTTP routes for others', () => {
    const tls = [{ match: [{ sniHosts: ['web'] }], route }];

    expect(check({ http: [{ route }] })).toEqual([]);
    expect(check({ gateways: ['a/b'], http: [{ route, delegate: { name: 'd' } }], tls, tcp: [{ route }] })).toEqual([
      'spec.gateways: delegate virtual service must have no gateways specified',
      'spec.tls: delegate virtual service must have no tls route specified',
      'spec.tcp: delegate virtual service must have no tcp route specified',
      'spec.http[0].delegate: delegate HTTP route cannot contain delegate',
      'spec.tls[0].match[0].sniHosts[0]: SNI host "web" is not a compatible subset of any of the virtual service hosts: []',
    ]);
  });

  it('needs routes', () => {
    expect(check({ hosts: ['web'] })).toEqual(['spec: http, tcp or tls must be provided in virtual service']);
  });

  it('names gateways by namespace and name; those after the first plain name are not looked at', () => {
    expect(rule({ gateways: ['Ns/gw', 'a.b/gw', 'ns/g.w', '/'] })).toEqual([
      'spec.gateways[1]: invalid value for namespace: "a.b"',
      'spec.gateways[2]: invalid value for gateway name: "g.w"',
      'spec.gateways[3]: config namespace and gateway name cannot be empty',
      'spec.gateways[3]: invalid value for namespace: ""',
      'spec.gateways[3]: invalid value for gateway name: ""',
    ]);
    expect(rule({ gateways: ['gw.ns', '/'] })).toEqual([
      'warning: spec.gateways[0]: using legacy gatewayName format "gw.ns"; prefer the <namespace>/<name> format: "ns/gw"',
    ]);
  });

  it('that istiod made from Gateway API may name gateways and hosts as it likes', () => {
    const spec = { hosts: ['web'], gateways: ['ns/a.b'], http: [{ route: [{ destination: { host: 'a b' } }] }] };

    expect(findingsOf(virtualServiceKind, spec, { 'internal.istio.io/route-semantics': 'gateway' })).toEqual([]);
  });

  it('routes by claims only at gateways', () => {
    const http = [{ match: [{ headers: { '@request.auth.claims.a': { exact: 'b' } } }], route }];

    expect(edge({ http })).toEqual([]);
    expect(rule({ http, gateways: ['mesh'] })).toEqual([
      'spec.http[0].match[0].headers[@request.auth.claims.a]: ' +
        'JWT claim based routing (key: @request.auth.claims.a) is only supported for gateway, found no gateways: [mesh]',
    ]);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['an address', { hosts: ['10.0.0.1'] }, []],
    ['a bad name', { hosts: ['a b'] }, ['spec.hosts[0]: domain name "a b" invalid (label "a b" invalid)']],
    ['the same name twice', { hosts: ['a', 'a'] }, ['spec.hosts[1]: duplicate hosts in virtual service: a & a']],
    ['a name and a wildcard that covers it', { hosts: ['a.b', '*.b'] }, ['spec.hosts[1]: duplicate hosts in virtual service: a.b & *.b']],
    ['a wildcard in a wider one', { hosts: ['*.a.b', '*.b'] }, ['spec.hosts[1]: duplicate hosts in virtual service: *.a.b & *.b']],
    ['names of which one is bad', { hosts: ['a', 'a', ''] }, ['spec.hosts[2]: empty domain name not allowed']],
    ['all hosts', { hosts: ['*'] }, ['spec.hosts[0]: wildcard host * is not allowed for virtual services bound to the mesh gateway']],
  ])('of the mesh with hosts: %s', (_, spec, findings) => {
    expect(rule(spec)).toEqual(findings);
  });

  it('of a gateway may have all hosts, and names of proxies beside server names', () => {
    const host = 'outbound_.80_._.web.example.com';
    const tls = [{ match: [{ sniHosts: [host] }], route }];

    expect(edge({ hosts: ['*'] })).toEqual([]);
    expect(edge({ hosts: [host], tls })).toEqual([]);
    expect(edge({ hosts: [host] })).toEqual([`spec.hosts[0]: domain name "${host}" invalid (label "outbound_" invalid)`]);
    expect(edge({ hosts: ['outbound_.x_._.a'], tls })[0]).toBe(
      'spec.hosts[0]: domain name "outbound_.x_._.a" invalid (label "x" invalid). should follow outbound_.<PORT>_._.<HOSTNAME> format',
    );
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['no match', {}, ['spec.tls[0].match: TLS route must have at least one match condition']],
    ['no server name', { match: [{}] }, ['spec.tls[0].match[0].sniHosts: TLS match must have at least one SNI host']],
    [
      'the name of another host',
      { match: [{ sniHosts: ['other'] }] },
      ['spec.tls[0].match[0].sniHosts[0]: SNI host "other" is not a compatible subset of any of the virtual service hosts: [web]'],
    ],
    [
      'an address',
      { match: [{ sniHosts: ['10.0.0.1'] }] },
      [
        'warning: spec.tls[0].match[0].sniHosts[0]: using an IP address ("10.0.0.1") goes against SNI spec and most clients do not support this',
      ],
    ],
    [
      'bad subnet and port',
      { match: [{ sniHosts: ['web'], destinationSubnets: ['10.0.0.0/33'], port: 70_000 }] },
      [
        'spec.tls[0].match[0].destinationSubnets[0]: 10.0.0.0/33 is not a valid CIDR block',
        'spec.tls[0].match[0].port: port number 70000 must be in the range 1..65535',
      ],
    ],
  ])('routes TLS by %s', (_, tls, findings) => {
    expect(rule({ tls: [{ route, ...tls }] })).toEqual(findings);
  });

  it('routes TLS and TCP to somewhere; warnings of TCP matches are lost', () => {
    expect(rule({ tls: [{ match: [{ sniHosts: ['web'] }] }] })).toEqual(['spec.tls[0].route: TLS route is required']);
    expect(rule({ tcp: [{}] })).toEqual(['spec.tcp[0].route: TCP route is required']);
    expect(rule({ tcp: [{ match: [{ gateways: ['gw.ns'] }], route }] })).toEqual([]);
  });

  it('takes shares of several destinations', () => {
    const destinations = (one?: number, other?: number) =>
      rule({
        http: [
          {
            route: [
              { ...route[0], weight: one },
              { ...route[0], weight: other },
            ],
          },
        ],
      } as JsonObject);

    expect(destinations(0, 1)).toEqual([]);
    expect(destinations()).toEqual(['spec.http[0].route: total destination weight = 0']);
    expect(destinations(-1, 2)).toEqual(['spec.http[0].route[0].weight: weight -1 < 0']);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['none', {}, ['destination: destination is required']],
    ['all hosts', { destination: { host: '*' } }, ['destination.host: invalid destination host *']],
    ['no host', { destination: {} }, ['destination.host: empty domain name not allowed']],
    ['a bad subset', { destination: { host: 'a', subset: 'a.b' } }, ['destination.subset: subset name is invalid: a.b']],
    ['port 0', { destination: { host: 'a', port: {} } }, ['destination.port.number: port number 0 must be in the range 1..65535']],
  ])('forwards to a destination: %s', (_, destination, findings) => {
    expect(rule({ http: [{ route: [destination] }] })).toEqual(findings.map((finding) => `spec.http[0].route[0].${finding}`));
  });

  it('is checked for exportTo', () => {
    expect(rule({ exportTo: ['.', 'ns', 'a_b', '~', '*'] })).toEqual([
      'spec.exportTo[1]: duplicate entries in exportTo for entry ns',
      'spec.exportTo[2]: only .,*, or a valid DNS 1123 label is allowed as exportTo entry',
      'spec.exportTo[3]: exportTo ~ (none) is not allowed for Istio configuration objects',
      'spec.exportTo: cannot have both public (*) and non-public exportTo values for a resource',
    ]);
    expect(rule({ exportTo: ['ns', '.'] })).toEqual(['spec.exportTo[1]: duplicate entries in exportTo: . and current namespace ns']);
  });
});
