import { describe, expect, it } from 'vitest';
import { checkProxyConfig, proxyConfigProblems } from './check-proxy-config.ts';
import { defaultProxyConfig, type ProxyConfig } from './proxy-config.ts';

const problemsOf = (config: ProxyConfig) => proxyConfigProblems({ ...defaultProxyConfig, ...config });

describe('proxyConfigProblems', () => {
  it('finds nothing wrong with the defaults', () => {
    expect(problemsOf({})).toEqual([]);
  });

  it.each<[ProxyConfig, string]>([
    [{ configPath: '' }, 'config path must be set'],
    [{ binaryPath: '' }, 'binary path must be set'],
    [{ serviceCluster: '' }, 'service cluster must be specified'],
    [{ drainDuration: '0s' }, 'invalid drain duration: duration must be greater than 1ms'],
    [{ drainDuration: '1.000500s' }, 'invalid drain duration: only durations to ms precision are supported'],
    [{ drainDuration: '1.500s' }, 'drain time only supports durations to seconds precision'],
    [{ discoveryAddress: '' }, 'discovery address must be set to the proxy discovery service'],
    [{ discoveryAddress: 'foo' }, 'invalid discovery address: unable to split "foo": address foo: missing port in address'],
    [{ discoveryAddress: 'a:b:1' }, 'invalid discovery address: unable to split "a:b:1": address a:b:1: too many colons in address'],
    [{ discoveryAddress: '[::1]' }, 'invalid discovery address: unable to split "[::1]": address [::1]: missing port in address'],
    [{ discoveryAddress: '[::1:5' }, `invalid discovery address: unable to split "[::1:5": address [::1:5: missing ']' in address`],
    [{ discoveryAddress: '[::1]x:5' }, 'invalid discovery address: unable to split "[::1]x:5": address [::1]x:5: missing port in address'],
    [
      { discoveryAddress: '[::1]:5:6' },
      'invalid discovery address: unable to split "[::1]:5:6": address [::1]:5:6: too many colons in address',
    ],
    [{ discoveryAddress: 'a]:5' }, `invalid discovery address: unable to split "a]:5": address a]:5: unexpected ']' in address`],
    [
      { discoveryAddress: '[[::1]:5' },
      `invalid discovery address: unable to split "[[::1]:5": address [[::1]:5: unexpected '[' in address`,
    ],
    [{ discoveryAddress: 'foo:x' }, 'invalid discovery address: port (x) is not a number: strconv.Atoi: parsing "x": invalid syntax'],
    [{ discoveryAddress: 'foo:0' }, 'invalid discovery address: port number 0 must be in the range 1..65535'],
    [{ discoveryAddress: 'f_o:80' }, 'invalid discovery address: "f_o" is not a valid hostname or an IP address'],
    [{ tracing: { zipkin: { address: 'z' } } }, 'invalid zipkin config: unable to split "z": address z: missing port in address'],
    [{ tracing: { datadog: {} } }, 'invalid datadog config: unable to split "": missing port in address'],
    [{ tracing: { lightstep: { address: 'l:1' } } }, 'invalid lightstep config: access token is required'],
    [
      { tracing: { tlsSettings: { mode: 'MUTUAL', privateKey: 'k' } } },
      'invalid tracing TLS config: client certificate required for mutual tls',
    ],
    [
      { tracing: { tlsSettings: { mode: 'MUTUAL', clientCertificate: 'c' } } },
      'invalid tracing TLS config: private key required for mutual tls',
    ],
    [
      { tracing: { tlsSettings: { mode: 'SIMPLE', credentialName: 'c', caCertificates: 'x' } } },
      'invalid tracing TLS config: cannot specify client certificates or CA certificate or CA CRL If credentialName is set',
    ],
    [
      { tracing: { tlsSettings: { mode: 'SIMPLE', insecureSkipVerify: true, subjectAltNames: ['a'] } } },
      'invalid tracing TLS config: cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true',
    ],
    [
      {
        tracing: {
          tlsSettings: { mode: 'MUTUAL', insecureSkipVerify: true, caCertificates: 'a', clientCertificate: 'c', privateKey: 'k' },
        },
      },
      'invalid tracing TLS config: cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true',
    ],
    [{ statsdUdpAddress: 'x' }, 'invalid statsd udp address "x": unable to split "x": address x: missing port in address'],
    [
      { envoyMetricsService: { address: 'x' } },
      'invalid envoy metrics service address "x": unable to split "x": address x: missing port in address',
    ],
    [{ proxyAdminPort: 70_000 }, 'invalid proxy admin port: port number 70000 must be in the range 1..65535'],
    [{ controlPlaneAuthPolicy: 'INHERIT' }, 'invalid authentication policy: unrecognized control plane auth policy "INHERIT"'],
    [{ statusPort: 0 }, 'invalid status port: port number 0 must be in the range 1..65535'],
    [{ privateKeyProvider: { qat: {} } }, 'invalid private key provider configuration: pollDelay is required'],
    [{ privateKeyProvider: { cryptomb: { pollDelay: '0s' } } }, 'invalid private key provider configuration: pollDelay must be non zero'],
    [{ connectionSettings: { httpIdleTimeout: '-1s' } }, 'invalid connection settings: http_idle_timeout must be non-negative'],
    [
      { connectionSettings: { listenerPerConnectionBufferLimitBytes: -1 } },
      'invalid connection settings: listener_per_connection_buffer_limit_bytes must be non-negative',
    ],
    [
      { connectionSettings: { httpMaxConcurrentStreams: 0 } },
      'invalid connection settings: http_max_concurrent_streams must be greater than 0',
    ],
    [
      { connectionSettings: { http2InitialStreamWindowSize: 100 } },
      'invalid connection settings: http2_initial_stream_window_size must be at least 65535',
    ],
  ])('refuses %j', (config, problem) => {
    expect(problemsOf(config)).toEqual([problem]);
  });

  it.each<ProxyConfig>([
    { discoveryAddress: '[2001:db8::1]:80' },
    { discoveryAddress: 'istiod.istio-system.svc.:15012' },
    { tracing: { zipkin: { address: '$(HOST_IP):9411' } } },
    { tracing: { tlsSettings: { mode: 'ISTIO_MUTUAL' } } },
    { tracing: { tlsSettings: { mode: 'SIMPLE', credentialName: 'c' } } },
    { envoyAccessLogService: {} },
    { drainDuration: '7200s' },
    { controlPlaneAuthPolicy: 'NONE' },
    { privateKeyProvider: { qat: { pollDelay: '0.002s' } } },
    { connectionSettings: { profile: 'EDGE' } },
  ])('accepts %j', (config) => {
    expect(problemsOf(config)).toEqual([]);
  });

  it('wants a cluster name of one kind', () => {
    const { serviceCluster: _name, ...config } = defaultProxyConfig;

    expect(proxyConfigProblems(config)).toEqual(['oneof service cluster or tracing service name must be specified']);
    expect(proxyConfigProblems({ ...config, tracingServiceName: 'CANONICAL_NAME_ONLY' })).toEqual([]);
  });

  it('tells all that is missing of a private key provider', () => {
    expect(problemsOf({ privateKeyProvider: {} })).toHaveLength(2);
  });
});

describe('checkProxyConfig', () => {
  it('lists the problems in the style of Go, and none for a good configuration', () => {
    expect(checkProxyConfig(defaultProxyConfig)).toBeUndefined();
    expect(checkProxyConfig({ ...defaultProxyConfig, configPath: '' })).toBe('1 error occurred:\n\t* config path must be set\n\n');
    expect(checkProxyConfig({ ...defaultProxyConfig, configPath: '', binaryPath: '' })).toBe(
      '2 errors occurred:\n\t* config path must be set\n\t* binary path must be set\n\n',
    );
  });
});
