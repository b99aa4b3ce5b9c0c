import { describe, expect, it } from 'vitest';
import { ingressOf, namesOwnAddress } from './ingress.ts';
import type { IngressRule, SidecarResource } from './sidecar.ts';

type Proxy = Parameters<typeof ingressOf>[1];

const proxy: Proxy = { interception: 'REDIRECT', isUnprivileged: false, ipFamilies: 'v4', addresses: ['10.0.0.9', 'fd00::9'] };

function rule(number: number, more: Partial<IngressRule> = {}): IngressRule {
  return { port: { number, name: '', protocol: 'HTTP' }, bind: '', captureMode: 'DEFAULT', defaultEndpoint: '', ...more };
}

function sidecar(...ingress: readonly IngressRule[]): SidecarResource {
  return { name: 'web', namespace: 'shop', egress: [], ingress };
}

describe('inbound ports of a Sidecar', () => {
  it('are those of the services where it declares none', () => {
    expect(ingressOf(sidecar(), proxy)).toBeUndefined();
  });

  it.each<[string, Partial<Proxy>, unknown]>([
    ['', {}, { kind: 'original-destination' }],
    ['127.0.0.1:8080', {}, { kind: 'loopback', address: '127.0.0.1', port: 8080 }],
    ['127.0.0.1:8080', { ipFamilies: 'v6' }, { kind: 'loopback', address: '::1', port: 8080 }],
    ['[::1]:8080', { ipFamilies: 'dual' }, { kind: 'loopback', address: '::1', port: 8080 }],
    ['0.0.0.0:8080', {}, { kind: 'own-address', address: '10.0.0.9', port: 8080 }],
    ['[::]:8080', {}, { kind: 'own-address', address: 'fd00::9', port: 8080 }],
    ['[::]:8080', { addresses: ['10.0.0.9'] }, { kind: 'own-address', address: '10.0.0.9', port: 8080 }],
    ['0.0.0.0:8080', { addresses: [] }, { kind: 'original-destination' }],
    ['unix:///run/app.sock', {}, { kind: 'pipe', address: 'unix:///run/app.sock', port: 0 }],
  ])('lead to %j (%j)', (defaultEndpoint, more, endpoint) => {
    expect(ingressOf(sidecar(rule(80, { defaultEndpoint })), { ...proxy, ...more })?.listeners[0]?.endpoint).toEqual(endpoint);
  });

  it.each<[IngressRule['captureMode'], Proxy['interception'], boolean]>([
    ['DEFAULT', 'REDIRECT', false],
    ['DEFAULT', 'NONE', true],
    ['IPTABLES', 'NONE', false],
    ['NONE', 'TPROXY', true],
  ])('with capture mode %s under %s have a socket of their own: %s', (captureMode, interception, expected) => {
    expect(ingressOf(sidecar(rule(8080, { captureMode })), { ...proxy, interception })?.listeners[0]?.bindsPort).toBe(expected);
  });

  it('stay away from ports that the proxy may not open, and of two for one port the first stays', () => {
    const ports = [rule(80, { captureMode: 'NONE' }), rule(8080), rule(8080, { bind: '10.0.0.9' })];

    expect(ingressOf(sidecar(...ports), { ...proxy, isUnprivileged: true })?.listeners).toMatchObject([
      { port: { number: 8080 }, bind: '' },
    ]);
  });

  it('have limits of their own or those of all', () => {
    const [all, own] = [{ tcp: { maxConnections: 1 } }, { tcp: { maxConnections: 2 } }];
    const listeners = ingressOf({ ...sidecar(rule(80), rule(81, { connectionPool: own })), inboundConnectionPool: all }, proxy)?.listeners;

    expect(listeners?.map(({ connectionPool }) => connectionPool)).toEqual([all, own]);
  });

  it('depend on the own address only where they name it', () => {
    expect(namesOwnAddress(sidecar(rule(80, { defaultEndpoint: '127.0.0.1:80' })))).toBe(false);
    expect(namesOwnAddress(sidecar(rule(80, { defaultEndpoint: '0.0.0.0:80' })))).toBe(true);
  });
});
