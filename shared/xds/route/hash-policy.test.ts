import { describe, expect, it } from 'vitest';
import { initJson } from '../../../test/fixtures/routes.ts';
import type { DestinationRule } from '../../config/networking/destination-rule.ts';
import type { ConsistentHash } from '../../config/networking/destination-rule-hash.ts';
import type { Destination } from '../../config/networking/virtual-service-destination.ts';
import { RouteAction_HashPolicySchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { destinationHash, servicePortHash } from './hash-policy.ts';

function byHeader(name: string) {
  return { loadBalancer: { consistentHash: { httpHeaderName: name } } };
}

describe('what requests are hashed by', () => {
  it.each<[string, ConsistentHash, object]>([
    ['a header', { httpHeaderName: 'x-user' }, { header: { headerName: 'x-user' } }],
    [
      'a cookie',
      { httpCookie: { name: 'c', path: '/p', ttl: '0s', attributes: [{ name: 'SameSite', value: 'Lax' }] } },
      { cookie: { name: 'c', path: '/p', ttl: '0s', attributes: [{ name: 'SameSite', value: 'Lax' }] } },
    ],
    ['a cookie that is only read', { httpCookie: { name: 'c' } }, { cookie: { name: 'c' } }],
    ['the source address', { useSourceIp: true }, { connectionProperties: { sourceIp: true } }],
    ['a query parameter', { httpQueryParameterName: 'q' }, { queryParameter: { name: 'q' } }],
  ])('%s', (_, consistentHash, expected) => {
    const policy = servicePortHash({ trafficPolicy: { loadBalancer: { consistentHash } } }, 80);
    expect(policy && initJson(RouteAction_HashPolicySchema, policy)).toEqual(expected);
  });

  it.each<[string, ConsistentHash]>([
    ['a ring without a key', { ringHash: { minimumRingSize: '1024' } }],
    ['a source address that is turned off', { useSourceIp: false }],
  ])('nothing for %s', (_, consistentHash) => {
    expect(servicePortHash({ trafficPolicy: { loadBalancer: { consistentHash } } }, 80)).toBeUndefined();
  });
});

describe('the hash of a default route', () => {
  const rule: DestinationRule = {
    trafficPolicy: { ...byHeader('all'), portLevelSettings: [{ port: { number: 80 }, ...byHeader('port') }, { port: { number: 81 } }] },
  };

  it.each<[number, string | undefined]>([
    [80, 'port'],
    [81, 'all'],
    [82, 'all'],
  ])('is on port %d that of the port’s settings, or else of the host’s', (port, header) => {
    const policy = servicePortHash(rule, port);
    expect(policy && initJson(RouteAction_HashPolicySchema, policy)).toEqual(header && { header: { headerName: header } });
  });
});

describe('the hash of a destination', () => {
  const rule: DestinationRule = {
    trafficPolicy: { ...byHeader('all'), portLevelSettings: [{ port: { number: 80 }, ...byHeader('port') }] },
    subsets: [
      { name: 'v1', trafficPolicy: { ...byHeader('subset'), portLevelSettings: [{ port: { number: 80 }, ...byHeader('subset port') }] } },
      { name: 'v2' },
    ],
  };

  it.each<[Destination, string]>([
    [{}, 'all'],
    [{ port: { number: 80 } }, 'port'],
    [{ port: { number: 81 } }, 'all'],
    [{ subset: 'v1' }, 'subset'],
    [{ subset: 'v1', port: { number: 80 } }, 'subset port'],
    [{ subset: 'v2', port: { number: 80 } }, 'port'],
    [{ subset: 'unknown' }, 'all'],
  ])('of %j is the most special one', (destination, header) => {
    const policy = destinationHash(rule, destination);
    expect(policy && initJson(RouteAction_HashPolicySchema, policy)).toEqual({ header: { headerName: header } });
  });

  it('is none without any setting', () => {
    expect(destinationHash({}, { subset: 'v1' })).toBeUndefined();
  });
});
