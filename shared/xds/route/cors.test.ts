import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../../test/fixtures/listeners.ts';
import type { CorsPolicy } from '../../config/networking/virtual-service-cors.ts';
import { CorsPolicySchema } from '../../gen/envoy/extensions/filters/http/cors/v3/cors_pb.js';
import { corsConfig } from './cors.ts';

const always = { filterEnabled: { defaultValue: { numerator: 100 } }, forwardNotMatchingPreflights: true };

describe('CORS of a route', () => {
  it.each<[string, CorsPolicy, object]>([
    ['nothing', {}, {}],
    [
      'origins',
      { allowOrigins: [{ exact: 'https://a' }, { prefix: 'https://b' }, { regex: 'c.*' }] },
      { allowOriginStringMatch: [{ exact: 'https://a' }, { prefix: 'https://b' }, { safeRegex: { regex: 'c.*' } }] },
    ],
    ['old origins', { allowOrigin: ['a', '*'] }, { allowOriginStringMatch: [{ exact: 'a' }, { exact: '*' }] }],
    ['new origins before old ones', { allowOrigin: ['a'], allowOrigins: [{ exact: 'b' }] }, { allowOriginStringMatch: [{ exact: 'b' }] }],
    [
      'lists',
      { allowMethods: ['GET', 'PUT'], allowHeaders: ['a', 'b'], exposeHeaders: ['c', 'd'] },
      { allowMethods: 'GET,PUT', allowHeaders: 'a,b', exposeHeaders: 'c,d' },
    ],
    ['the age in whole seconds', { maxAge: '90.900s' }, { maxAge: '90' }],
    ['credentials', { allowCredentials: false }, { allowCredentials: false }],
    ['preflights that do not match', { unmatchedPreflights: 'IGNORE' }, { forwardNotMatchingPreflights: false }],
    ['preflights that are passed on', { unmatchedPreflights: 'FORWARD' }, {}],
  ])('takes over %s', (_, policy, expected) => {
    expect(jsonOf(CorsPolicySchema, corsConfig(policy))).toEqual({ ...always, ...expected });
  });
});
