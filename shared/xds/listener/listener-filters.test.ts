import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../../test/fixtures/listeners.ts';
import {
  ListenerFilterChainMatchPredicateSchema,
  ListenerFilterSchema,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { anyPortOf, httpInspector, not, originalDst, originalSrc, tlsInspector } from './listener-filters.ts';

function ports(list: readonly number[]) {
  const predicate = anyPortOf(list);
  return predicate && jsonOf(ListenerFilterChainMatchPredicateSchema, predicate);
}

describe('listener filters', () => {
  it.each([
    ['envoy.filters.listener.original_dst', originalDst(), {}],
    ['envoy.filters.listener.original_src', originalSrc(), { mark: 1337 }],
    ['envoy.filters.listener.tls_inspector', tlsInspector(), { initialReadBufferSize: 512 }],
    ['envoy.filters.listener.http_inspector', httpInspector(), {}],
  ])('%s', (name, filter, settings) => {
    expect(jsonOf(ListenerFilterSchema, filter)).toEqual({ name, typedConfig: { '@type': expect.any(String), ...settings } });
  });

  it('are off where nothing needs them', () => {
    expect(jsonOf(ListenerFilterSchema, tlsInspector(anyPortOf([80]))).filterDisabled).toEqual({
      destinationPortRange: { start: 80, end: 81 },
    });
  });
});

describe('a choice of ports', () => {
  it.each([
    [[], undefined],
    [[80], { destinationPortRange: { start: 80, end: 81 } }],
    [
      [80, 443],
      { orMatch: { rules: [{ destinationPortRange: { start: 80, end: 81 } }, { destinationPortRange: { start: 443, end: 444 } }] } },
    ],
  ])('%j', (list, expected) => {
    expect(ports(list)).toEqual(expected);
  });

  it('can be all others', () => {
    const one = anyPortOf([80]);
    expect(one && jsonOf(ListenerFilterChainMatchPredicateSchema, not(one))).toEqual({
      notMatch: { destinationPortRange: { start: 80, end: 81 } },
    });
  });
});
