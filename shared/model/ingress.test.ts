import { describe, expect, it } from 'vitest';
import { ingressOf, namesOwnAddress } from './ingress.ts';
import type { IngressRule, SidecarResource } from './sidecar.ts';

type Proxy = Parameters<typeof ingressOf>[1];

const proxy: Proxy = {
  namespace: 'shop',
  interception: 'REDIRECT',
  isUnprivileged: false,
  ipFamilies: 'v4',
  addresses: ['10.0.0.9', 'fd00::9'],
  ownPorts: [15021],
};

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

  it('are one for each port: of two the first stays', () => {
    const listeners = ingressOf(sidecar(rule(8080), rule(8080, { bind: '10.0.0.9' })), proxy)?.listeners;

    expect(listeners).toMatchObject([{ port: { number: 8080 }, bind: '', canListen: true }]);
  });

  const tcp = { port: { number: 15021, name: '', protocol: 'TCP' } } as const;

  it.each<[string, IngressRule, Partial<Proxy>, boolean]>([
    ['a port that it may not open', rule(80, { captureMode: 'NONE' }), { isUnprivileged: true }, false],
    ['such a port if it is redirected there', rule(80), { isUnprivileged: true }, true],
    ['HTTP on a port of its own', rule(15021), {}, false],
    ['the same on another address', rule(15021, { bind: '10.0.0.9' }), {}, true],
    ['anything else on a port of its own', rule(15021, tcp), {}, true],
    ['anything on such a port of all addresses', rule(15021, { ...tcp, bind: '0.0.0.0' }), {}, false],
    ['the same in IPv6', rule(15021, { ...tcp, bind: '::' }), { ipFamilies: 'v6' }, false],
  ])('say whether the proxy can listen for %s', (_, ingress, more, expected) => {
    expect(ingressOf(sidecar(ingress), { ...proxy, ...more })?.listeners[0]?.canListen).toBe(expected);
  });

  it('are named after the Sidecar in the namespace of the proxy', () => {
    expect(ingressOf({ ...sidecar(rule(80)), namespace: 'istio-system' }, proxy)).toMatchObject({
      host: 'web.shop',
      config: '/apis/networking.istio.io/v1/namespaces/shop/sidecar/web',
    });
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
