import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../test/fixtures/listeners.ts';
import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import { AccessLogSchema } from '../gen/envoy/config/accesslog/v3/accesslog_pb.js';
import { accessLogs } from './access-log.ts';

const file = '/dev/stdout';

function chainLogs(config: MeshConfig) {
  return accessLogs(config).chains.map((log) => jsonOf(AccessLogSchema, log).typedConfig);
}

describe('access logs', () => {
  it('are off by default', () => {
    expect(accessLogs({})).toEqual({ chains: [], listeners: [] });
  });

  it('write Istio’s line', () => {
    const [log] = chainLogs({ accessLogFile: file });

    expect(log.path).toBe(file);
    expect(log.logFormat.textFormatSource.inlineString).toMatch(/^\[%START_TIME%\] "%REQ\(:METHOD\)% .* %ROUTE_NAME%\n$/);
  });

  it.each([
    ['a', 'a\n'],
    ['a\n', 'a\n'],
  ])('end the user’s line %j', (accessLogFormat, line) => {
    expect(chainLogs({ accessLogFile: file, accessLogFormat })[0].logFormat.textFormatSource.inlineString).toBe(line);
  });

  it.each([
    ['of the user', '{"c":"%RESPONSE_CODE%"}', { c: '%RESPONSE_CODE%' }],
    ['of Istio', '', expect.objectContaining({ route_name: '%ROUTE_NAME%', upstream_cluster: '%UPSTREAM_CLUSTER_RAW%' })],
    ['of Istio where the user’s is no JSON', '{', expect.objectContaining({ start_time: '%START_TIME%' })],
    ['of Istio where the user’s is no object', '[]', expect.objectContaining({ start_time: '%START_TIME%' })],
  ])('write JSON %s', (_, accessLogFormat, expected) => {
    const [log] = chainLogs({ accessLogFile: file, accessLogEncoding: 'JSON', accessLogFormat });
    expect(log.logFormat).toEqual({ jsonFormat: expected, jsonFormatOptions: {} });
  });

  it('of listeners tell only of connections that no chain took', () => {
    const [log] = accessLogs({ accessLogFile: file }).listeners;
    expect(log && jsonOf(AccessLogSchema, log).filter).toEqual({ responseFlagFilter: { flags: ['NR'] } });
    expect(accessLogs({ accessLogFile: file, disableEnvoyListenerLog: true }).listeners).toEqual([]);
  });

  it('of default providers replace the mesh’s file', () => {
    const config: MeshConfig = {
      accessLogFile: file,
      defaultProviders: { accessLogging: ['json', 'text', 'unknown'] },
      extensionProviders: [
        { name: 'text', envoyFileAccessLog: { logFormat: { text: 't' } } },
        { name: 'json', envoyFileAccessLog: { path: '/dev/stderr', logFormat: { labels: { a: 'b' } }, omitEmptyValues: true } },
      ],
    };

    expect(chainLogs(config)).toMatchObject([
      { path: '/dev/stderr', logFormat: { jsonFormat: { a: 'b' }, omitEmptyValues: true } },
      { path: file, logFormat: { textFormatSource: { inlineString: 't\n' } } },
    ]);
  });
});
