import { describe, expect, it } from 'vitest';
import { initJson } from '../../../test/fixtures/routes.ts';
import type { HttpRewrite } from '../../config/networking/virtual-service-rewrite.ts';
import { RouteActionSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { rewriteFields } from './rewrite.ts';

describe('rewrites of the path', () => {
  it.each<[string, HttpRewrite, object]>([
    ['replace what was matched', { uri: '/new' }, { prefixRewrite: '/new' }],
    [
      'follow a regex',
      { uriRegexRewrite: { match: '^/a/(.*)$', rewrite: '/b/\\1' } },
      { regexRewrite: { pattern: { regex: '^/a/(.*)$' }, substitution: '/b/\\1' } },
    ],
    ['do nothing for the host alone', { authority: 'a' }, {}],
  ])('%s', (_, rewrite, expected) => {
    expect(initJson(RouteActionSchema, rewriteFields(rewrite))).toEqual(expected);
  });
});
