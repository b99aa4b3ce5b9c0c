import { describe, expect, it } from 'vitest';
import { initJson } from '../../../test/fixtures/routes.ts';
import type { HttpRoute } from '../../config/networking/virtual-service.ts';
import { RouteActionSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { mirrorPolicies } from './mirror.ts';

const clusterOf = ({ host = '', subset = '' }) => `${host}/${subset}`;

function mirrors(route: HttpRoute) {
  return initJson(RouteActionSchema, { requestMirrorPolicies: mirrorPolicies(route, clusterOf) }).requestMirrorPolicies;
}

function policy(cluster: string, defaultValue: object) {
  return { cluster, runtimeFraction: { defaultValue }, traceSampled: false, disableShadowHostSuffixAppend: true };
}

describe('mirrors of a route', () => {
  it.each<[string, HttpRoute, readonly object[] | undefined]>([
    ['everything', { mirror: { host: 'a', subset: 'v1' } }, [policy('a/v1', { numerator: 100 })]],
    ['a part', { mirror: { host: 'a' }, mirrorPercentage: { value: 0.5 } }, [policy('a/', { numerator: 5000, denominator: 'MILLION' })]],
    ['whole percents', { mirror: { host: 'a' }, mirrorPercent: 30 }, [policy('a/', { numerator: 30 })]],
    ['the new percentage before the old one', { mirror: { host: 'a' }, mirrorPercent: 30, mirrorPercentage: { value: 0 } }, undefined],
    ['nothing for no percent', { mirror: { host: 'a' }, mirrorPercent: 0 }, undefined],
    [
      'several',
      {
        mirrors: [{ destination: { host: 'a' } }, { destination: { host: 'b' }, percentage: { value: 42 } }, { percentage: { value: 1 } }],
      },
      [policy('a/', { numerator: 100 }), policy('b/', { numerator: 420000, denominator: 'MILLION' })],
    ],
    ['nothing without mirrors', {}, undefined],
  ])('copy %s', (_, route, expected) => {
    expect(mirrors(route)).toEqual(expected);
  });
});
