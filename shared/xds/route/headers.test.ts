import { describe, expect, it } from 'vitest';
import { initJson } from '../../../test/fixtures/routes.ts';
import type { HttpHeaders } from '../../config/networking/virtual-service-headers.ts';
import { RouteSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { headerFields, joinHeaderFields, newAuthority } from './headers.ts';

describe('header operations', () => {
  it('set before they add, by name in each', () => {
    const json = initJson(RouteSchema, headerFields({ request: { add: { b: '2', a: '1' }, set: { d: '4', c: '3' } } }));
    expect(json).toEqual({
      requestHeadersToAdd: [
        { header: { key: 'c', value: '3' }, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' },
        { header: { key: 'd', value: '4' }, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' },
        { header: { key: 'a', value: '1' } },
        { header: { key: 'b', value: '2' } },
      ],
    });
  });

  it('remove headers in the order of the rule', () => {
    const json = initJson(RouteSchema, headerFields({ request: { remove: ['z', 'a'] }, response: { remove: ['y', 'b'] } }));
    expect(json).toEqual({ requestHeadersToRemove: ['z', 'a'], responseHeadersToRemove: ['y', 'b'] });
  });

  it('leave pseudo headers and the host alone, in requests and responses', () => {
    const change = { set: { ':path': '/', Host: 'a' }, add: { host: 'b' }, remove: [':method', 'HOST'] };
    expect(initJson(RouteSchema, headerFields({ request: change, response: change }))).toEqual({});
  });

  it('are joined in order', () => {
    const joined = joinHeaderFields(headerFields({ request: { set: { z: '1' } } }), headerFields({ request: { set: { a: '2' } } }));
    expect(joined.requestHeadersToAdd.map(({ header }) => header?.key)).toEqual(['z', 'a']);
  });
});

describe('the new host of a request', () => {
  it.each<[string, HttpHeaders, string | undefined]>([
    ['that of :authority', { request: { set: { ':authority': 'a' } } }, 'a'],
    ['that of host, in any case', { request: { add: { Host: 'a' } } }, 'a'],
    ['what is set, before what is added', { request: { set: { host: 'a' }, add: { ':authority': 'b' } } }, 'a'],
    ['what is added, if an empty one is set', { request: { set: { host: '' }, add: { host: 'b' } } }, 'b'],
    ['none for an empty one', { request: { set: { host: '' } } }, undefined],
    ['none of responses', { response: { set: { host: 'a' } } }, undefined],
    ['none otherwise', {}, undefined],
  ])('%s', (_, headers, expected) => {
    expect(newAuthority(headers)).toBe(expected);
  });
});
