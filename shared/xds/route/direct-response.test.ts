import { describe, expect, it } from 'vitest';
import { initJson } from '../../../test/fixtures/routes.ts';
import type { HttpDirectResponse } from '../../config/networking/virtual-service-direct-response.ts';
import { DirectResponseActionSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { directResponseAction } from './direct-response.ts';

describe('direct responses', () => {
  it.each<[string, HttpDirectResponse, object]>([
    ['a status', { status: 503 }, { status: 503 }],
    ['a text', { status: 200, body: { string: 'hi' } }, { status: 200, body: { inlineString: 'hi' } }],
    ['bytes', { status: 200, body: { bytes: 'AAEC' } }, { status: 200, body: { inlineBytes: 'AAEC' } }],
    ['a body without content', { status: 200, body: {} }, { status: 200, body: {} }],
  ])('have %s', (_, response, expected) => {
    const made = directResponseAction(response);
    expect(made.ok && initJson(DirectResponseActionSchema, made.value)).toEqual(expected);
  });

  it.each([[199], [600], [undefined]])('cannot have status %s', (status) => {
    expect(directResponseAction(status === undefined ? {} : { status }).ok).toBe(false);
  });
});
