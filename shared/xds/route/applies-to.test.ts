import { describe, expect, it } from 'vitest';
import { appliesTo, httpAppliesTo, type RouteClient } from './applies-to.ts';

const client: RouteClient = { labels: { app: 'web', version: 'v1' }, namespace: 'shop', gateways: new Set(['mesh']), listenPort: 80 };

describe('a match is for a proxy', () => {
  it.each<[string, Parameters<typeof appliesTo>[0], boolean]>([
    ['always if it says nothing', {}, true],
    ['of its port', { port: 80 }, true],
    ['not of another port', { port: 81 }, false],
    ['with its labels', { sourceLabels: { app: 'web' } }, true],
    ['not with other labels', { sourceLabels: { app: 'web', version: 'v2' } }, false],
    ['of its namespace', { sourceNamespace: 'shop' }, true],
    ['not of another namespace', { sourceNamespace: 'bank' }, false],
    ['of one of its gateways', { gateways: ['shop/gw', 'mesh'] }, true],
    ['not of other gateways', { gateways: ['shop/gw'] }, false],
    ['of every gateway for an empty list', { gateways: [] }, true],
    ['of every port for port 0', { port: 0 }, true],
  ])('%s', (_, match, expected) => {
    expect(appliesTo(match, client)).toBe(expected);
    expect(httpAppliesTo(match, client)).toBe(expected);
  });

  it.each<[string, Parameters<typeof appliesTo>[0]]>([
    ['labels', { sourceLabels: { app: 'api' } }],
    ['namespace', { sourceNamespace: 'bank' }],
  ])('of one of its gateways, whatever the %s of the source, but only for HTTP', (_, source) => {
    expect(httpAppliesTo({ ...source, gateways: ['mesh'] }, client)).toBe(true);
    expect(appliesTo({ ...source, gateways: ['mesh'] }, client)).toBe(false);
  });
});
