import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../../test/fixtures/listeners.ts';
import type { ConnectionPool } from '../../config/networking/destination-rule-connection-pool.ts';
import { HttpProtocolOptionsSchema } from '../../gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js';
import { httpOptions, type UpstreamProtocol, upstreamProtocol } from './http-options.ts';

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
    ['GRPC', { ...sidecar, pool: { http: { useClientProtocol: true } } }, 'as-caller'],
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

  const optionsOf = (protocol: UpstreamProtocol, http: ConnectionPool['http']): unknown => {
    const [packed] = Object.values(httpOptions({ protocol, preservesHeaderCase: false, pool: { ...(http && { http }) } }) ?? {});
    return packed && jsonOf(HttpProtocolOptionsSchema, fromBinary(HttpProtocolOptionsSchema, packed.value));
  };

  it.each<[UpstreamProtocol, object]>([
    ['http1', { httpProtocolOptions: {} }],
    ['http2', { http2ProtocolOptions: { maxConcurrentStreams: 7 } }],
  ])('of %s limit streams only in HTTP/2', (protocol, explicitHttpConfig) => {
    expect(optionsOf(protocol, { maxConcurrentStreams: 7 })).toEqual({ commonHttpProtocolOptions: {}, explicitHttpConfig });
  });

  it('send PING frames where HTTP/2 may be spoken', () => {
    const http2KeepAlive = { interval: '30s', timeout: '5s' };
    const connectionKeepalive = { interval: '30s', timeout: '5s' };

    expect(optionsOf('http2', { http2KeepAlive })).toEqual({ explicitHttpConfig: { http2ProtocolOptions: { connectionKeepalive } } });
    expect(optionsOf('as-caller', { http2KeepAlive })).toMatchObject({
      useDownstreamProtocolConfig: { http2ProtocolOptions: { connectionKeepalive } },
    });
    expect(optionsOf('http1', { http2KeepAlive })).toBeUndefined();
  });
});
