import { describe, expect, it } from 'vitest';
import { jsonOf, port, scopeOf, service } from '../../test/fixtures/listeners.ts';
import type { ExtensionProvider } from '../config/mesh/extension-provider.ts';
import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import { AccessLogSchema } from '../gen/envoy/config/accesslog/v3/accesslog_pb.js';
import { accessLogs as logsOf } from './access-log.ts';

const file = '/dev/stdout';

const collector = service('otel.istio-system.svc.cluster.local', [port(4317, 'GRPC')]);

function accessLogs(config: MeshConfig) {
  return logsOf({ ...scopeOf([collector]), config });
}

function chainLogs(config: MeshConfig) {
  return accessLogs(config).http.map((log) => jsonOf(AccessLogSchema, log).typedConfig);
}

describe('access logs', () => {
  it('are off by default', () => {
    expect(accessLogs({})).toEqual({ http: [], tcp: [], listeners: [] });
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

  it('of default providers replace the mesh’s file, by the providers’ names', () => {
    const config: MeshConfig = {
      accessLogFile: file,
      defaultProviders: { accessLogging: ['text', 'unknown', 'json'] },
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

  const at = { service: `istio-system/${collector.host}`, port: 4317 };
  const grpcService = { envoyGrpc: { clusterName: `outbound|4317||${collector.host}`, authority: collector.host } };

  it.each<[string, ExtensionProvider, object]>([
    [
      'over gRPC for HTTP',
      { envoyHttpAls: { ...at, additionalRequestHeadersToLog: ['x-a'] } },
      {
        commonConfig: {
          logName: 'http_envoy_accesslog',
          grpcService,
          transportApiVersion: 'V3',
          filterStateObjectsToLog: ['upstream_peer', 'downstream_peer'],
        },
        additionalRequestHeadersToLog: ['x-a'],
      },
    ],
    [
      'over gRPC for TCP',
      { envoyTcpAls: { ...at, logName: 'mine', filterStateObjectsToLog: ['a'] } },
      { commonConfig: { logName: 'mine', grpcService, transportApiVersion: 'V3', filterStateObjectsToLog: ['a'] } },
    ],
    [
      'to OpenTelemetry',
      { envoyOtelAls: { ...at, logFormat: { text: 't', labels: { b: '%PROTOCOL%', a: 1, c: true, d: [] } } } },
      {
        commonConfig: { logName: 'otel_envoy_accesslog', grpcService },
        disableBuiltinLabels: true,
        body: { stringValue: 't' },
        attributes: {
          values: [
            { key: 'a', value: { doubleValue: 1 } },
            { key: 'b', value: { stringValue: '%PROTOCOL%' } },
            { key: 'c', value: { boolValue: true } },
          ],
        },
      },
    ],
  ])('go to a service %s', (_, provider, expected) => {
    const config: MeshConfig = { defaultProviders: { accessLogging: ['p'] }, extensionProviders: [{ name: 'p', ...provider }] };
    expect(chainLogs(config)).toMatchObject([expected]);
  });

  it('to a service that does not exist are none', () => {
    const hidden = { service: 'hidden', port: 1 };
    const config = (provider: ExtensionProvider): MeshConfig => ({
      defaultProviders: { accessLogging: ['p'] },
      extensionProviders: [{ name: 'p', ...provider }],
    });
    expect(chainLogs(config({ envoyHttpAls: hidden }))).toEqual([]);
    expect(chainLogs(config({ envoyTcpAls: hidden }))).toEqual([]);
    expect(chainLogs(config({ envoyOtelAls: hidden }))).toEqual([]);
    expect(chainLogs(config({ prometheus: {} }))).toEqual([]);
  });

  it('are the mesh’s file where no default provider logs', () => {
    const config: MeshConfig = { accessLogFile: file, defaultProviders: { accessLogging: ['unknown'] } };
    expect(chainLogs(config)).toMatchObject([{ path: file }]);
  });

  it.each<[string, ExtensionProvider, object]>([
    ['the mesh’s format', { envoyFileAccessLog: { path: '/dev/stderr' } }, { jsonFormat: { a: '%PROTOCOL%' } }],
    ['its own if it has one', { envoyFileAccessLog: { logFormat: { text: 't' } } }, { textFormatSource: { inlineString: 't\n' } }],
    ['its own if it leaves out empty values', { envoyFileAccessLog: { omitEmptyValues: true } }, { omitEmptyValues: true }],
  ])('of the built-in provider have %s', (_, provider, logFormat) => {
    const config: MeshConfig = {
      accessLogEncoding: 'JSON',
      accessLogFormat: '{"a":"%PROTOCOL%"}',
      defaultProviders: { accessLogging: ['envoy'] },
      extensionProviders: [{ name: 'envoy', ...provider }],
    };
    expect(chainLogs(config)).toMatchObject([{ logFormat }]);
  });

  it('of the mesh go to the bootstrap’s service too: requests, connections, and those that no chain took, each by a name of its own', () => {
    const { http, tcp, listeners } = accessLogs({ accessLogFile: file, enableEnvoyAccessLogService: true });
    const services = [http, tcp, listeners].map((logs) => logs[1] && jsonOf(AccessLogSchema, logs[1]));

    expect(services).toMatchObject([
      { name: 'envoy.access_loggers.http_grpc', typedConfig: { commonConfig: { logName: 'http_envoy_accesslog' } } },
      { name: 'envoy.tcp_grpc_access_log', typedConfig: { commonConfig: { logName: 'tcp_envoy_accesslog' } } },
      { filter: { responseFlagFilter: { flags: ['NR'] } }, typedConfig: { commonConfig: { logName: 'listener_envoy_accesslog' } } },
    ]);
    expect(services[0].typedConfig.commonConfig.grpcService).toEqual({ envoyGrpc: { clusterName: 'envoy_accesslog_service' } });
  });

  it.each([
    ['text', {}],
    ['JSON', { accessLogEncoding: 'JSON' }],
  ] as const)('in %s bring the extension that a command needs', (_, encoding) => {
    const [log] = chainLogs({ accessLogFile: file, accessLogFormat: '{"a":"%REQ_WITHOUT_QUERY(:PATH)%"}', ...encoding });
    expect(log.logFormat.formatters).toMatchObject([{ name: 'envoy.formatter.req_without_query' }]);
  });
});
