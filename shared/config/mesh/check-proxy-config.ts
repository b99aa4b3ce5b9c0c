/** What istiod demands of a ProxyConfig. The checks run over a complete configuration: defaults with a layer applied. */

import { parseDuration } from '../../lib/duration.ts';
import { errorListText } from '../../lib/error-list.ts';
import { portProblem } from '../../lib/port.ts';
import { checkClientTls } from './client-tls.ts';
import { hostPortProblem } from './host-port.ts';
import type { ProxyConfig } from './proxy-config.ts';
import type { Tracing } from './tracing.ts';

type Check = (config: ProxyConfig) => readonly (string | undefined)[];

/** In the order in which their problems are reported. */
const checks: readonly Check[] = [
  ({ configPath }) => [configPath ? undefined : 'config path must be set'],
  ({ binaryPath }) => [binaryPath ? undefined : 'binary path must be set'],
  checkClusterName,
  ({ drainDuration }) => [drainProblem(drainDuration)],
  checkDiscoveryAddress,
  ({ tracing }) => (tracing ? tracingProblems(tracing) : []),
  ({ statsdUdpAddress }) => [addressProblem('statsd udp address', statsdUdpAddress)],
  ({ envoyMetricsService }) => [addressProblem('envoy metrics service address', envoyMetricsService?.address)],
  ({ envoyAccessLogService }) => [addressProblem('envoy access log service address', envoyAccessLogService?.address)],
  ({ proxyAdminPort }) => [prefixed('invalid proxy admin port: ', portProblem(proxyAdminPort ?? 0))],
  checkControlPlaneAuthPolicy,
  ({ statusPort }) => [prefixed('invalid status port: ', portProblem(statusPort ?? 0))],
  ({ privateKeyProvider }) =>
    privateKeyProblems(privateKeyProvider).map((problem) => `invalid private key provider configuration: ${problem}`),
  ({ connectionSettings }) => connectionProblems(connectionSettings ?? {}).map((problem) => `invalid connection settings: ${problem}`),
];

/** All that is wrong with a complete configuration. */
export function proxyConfigProblems(config: ProxyConfig): readonly string[] {
  return checks.flatMap((check) => check(config)).filter((problem) => problem !== undefined);
}

/** {@link proxyConfigProblems} as one text in Go's multi-error style; undefined if the configuration can be used. */
export function checkProxyConfig(config: ProxyConfig): string | undefined {
  const problems = proxyConfigProblems(config);
  return problems.length === 0 ? undefined : errorListText(problems);
}

function prefixed(prefix: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : prefix + problem;
}

function addressProblem(what: string, address: string | undefined): string | undefined {
  return address ? prefixed(`invalid ${what} ${JSON.stringify(address)}: `, hostPortProblem(address)) : undefined;
}

function checkClusterName({ serviceCluster, tracingServiceName }: ProxyConfig): readonly (string | undefined)[] {
  if (serviceCluster) return [];
  if (serviceCluster === '') return ['service cluster must be specified'];
  return [tracingServiceName === undefined ? 'oneof service cluster or tracing service name must be specified' : undefined];
}

const millisecond = 1_000_000n;
const second = 1_000_000_000n;

function drainProblem(text: string | undefined): string | undefined {
  const drain = parseDuration(text ?? '0s') ?? 0n;
  if (drain < millisecond) return 'invalid drain duration: duration must be greater than 1ms';
  if (drain % millisecond !== 0n) return 'invalid drain duration: only durations to ms precision are supported';
  return drain % second === 0n ? undefined : 'drain time only supports durations to seconds precision';
}

function checkDiscoveryAddress({ discoveryAddress }: ProxyConfig): readonly (string | undefined)[] {
  if (!discoveryAddress) return ['discovery address must be set to the proxy discovery service'];
  return [prefixed('invalid discovery address: ', hostPortProblem(discoveryAddress))];
}

function checkControlPlaneAuthPolicy({ controlPlaneAuthPolicy: policy = 'NONE' }: ProxyConfig): readonly (string | undefined)[] {
  const isKnown = policy === 'NONE' || policy === 'MUTUAL_TLS';
  return [isKnown ? undefined : `invalid authentication policy: unrecognized control plane auth policy "${policy}"`];
}

/** A proxy may find its collector on its own node; the address is only known there. */
function onNode(address: string | undefined): string {
  return (address ?? '').replaceAll('$(HOST_IP)', '127.0.0.1');
}

function tracingProblems({ zipkin, lightstep, datadog, tlsSettings }: Tracing): readonly (string | undefined)[] {
  return [
    ...(lightstep ? lightstepProblems(lightstep).map((problem) => prefixed('invalid lightstep config: ', problem)) : []),
    zipkin && prefixed('invalid zipkin config: ', hostPortProblem(onNode(zipkin.address))),
    datadog && prefixed('invalid datadog config: ', hostPortProblem(onNode(datadog.address))),
    ...(tlsSettings ? [...checkClientTls(tlsSettings, '')].map(({ message }) => `invalid tracing TLS config: ${message}`) : []),
  ];
}

function lightstepProblems({ address = '', accessToken }: NonNullable<Tracing['lightstep']>): readonly (string | undefined)[] {
  return [
    address ? undefined : 'address is required',
    prefixed('invalid lightstep address: ', hostPortProblem(address)),
    accessToken ? undefined : 'access token is required',
  ];
}

function privateKeyProblems(given: ProxyConfig['privateKeyProvider']): readonly string[] {
  if (!given) return [];
  const provider = given.cryptomb ?? given.qat;
  if (!provider) return ['private key provider configuration is required', 'unknown private key provider'];
  if (provider.pollDelay === undefined) return ['pollDelay is required'];
  return parseDuration(provider.pollDelay) === 0n ? ['pollDelay must be non zero'] : [];
}

type ConnectionSettings = NonNullable<ProxyConfig['connectionSettings']>;

const durationFields = ['httpIdleTimeout', 'httpRequestTimeout', 'httpStreamIdleTimeout', 'httpRequestHeadersTimeout'] as const;
const sizeFields = ['listenerPerConnectionBufferLimitBytes', 'clusterPerConnectionBufferLimitBytes'] as const;
const limitFields = ['httpMaxConcurrentStreams', 'globalDownstreamConnectionLimit'] as const;
const windowFields = ['http2InitialStreamWindowSize', 'http2InitialConnectionWindowSize'] as const;
/** RFC 9113 section 6.9.2: the initial window size. */
const smallestWindow = 65_535;

function connectionProblems(settings: ConnectionSettings): readonly string[] {
  return [
    ...sizeFields.filter((field) => (settings[field] ?? 0) < 0).map((field) => `${snakeCase(field)} must be non-negative`),
    ...durationFields.filter((field) => isNegative(settings[field])).map((field) => `${snakeCase(field)} must be non-negative`),
    ...limitFields.filter((field) => (settings[field] ?? 1) <= 0).map((field) => `${snakeCase(field)} must be greater than 0`),
    ...windowFields
      .filter((field) => (settings[field] ?? smallestWindow) < smallestWindow)
      .map((field) => `${snakeCase(field)} must be at least ${smallestWindow}`),
  ];
}

function isNegative(duration: string | undefined): boolean {
  return (parseDuration(duration ?? '0s') ?? 0n) < 0n;
}

const upperCase = /[A-Z]/g;

/** Messages name fields as the .proto file does. */
function snakeCase(field: string): string {
  return field.replace(upperCase, (letter) => `_${letter.toLowerCase()}`);
}
