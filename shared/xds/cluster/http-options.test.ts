import { describe, expect, it } from 'vitest';
import { httpOptions, upstreamProtocol } from './http-options.ts';

const sidecar = { sniffs: true };

describe('upstreamProtocol', () => {
  it.each([
    ['HTTP2', sidecar, 'http2'],
    ['GRPC', sidecar, 'http2'],
    ['HTTP', sidecar, 'http1'],
    ['TCP', sidecar, 'http1'],
    ['Auto', sidecar, 'as-caller'],
    ['Auto', { sniffs: false }, 'http1'],
    ['HTTP', { ...sidecar, meshPolicy: 'UPGRADE' }, 'http2'],
    ['TCP', { ...sidecar, meshPolicy: 'UPGRADE' }, 'http1'],
    ['TCP', { ...sidecar, pool: { http: { h2UpgradePolicy: 'UPGRADE' } } }, 'http2'],
    ['HTTP', { ...sidecar, meshPolicy: 'UPGRADE', pool: { http: { h2UpgradePolicy: 'DO_NOT_UPGRADE' } } }, 'http1'],
    ['HTTP', { ...sidecar, pool: { http: { useClientProtocol: true, h2UpgradePolicy: 'UPGRADE' } } }, 'as-caller'],
  ] as const)('of a port %s with %j is %s', (protocol, choice, expected) => {
    expect(upstreamProtocol(protocol, choice)).toBe(expected);
  });
});

describe('httpOptions', () => {
  it('are there only where something needs them', () => {
    expect(httpOptions({ protocol: 'http1', preservesHeaderCase: false })).toBeUndefined();
    expect(httpOptions({ protocol: 'http1', preservesHeaderCase: false, pool: { tcp: { maxConnections: 1 } } })).toBeUndefined();
    expect(httpOptions({ protocol: 'http1', preservesHeaderCase: true })).toBeDefined();
    expect(httpOptions({ protocol: 'http1', preservesHeaderCase: false, pool: { http: { idleTimeout: '1s' } } })).toBeDefined();
    expect(httpOptions({ protocol: 'http2', preservesHeaderCase: false })).toBeDefined();
  });
});
