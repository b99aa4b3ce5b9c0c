import { describe, expect, it } from 'vitest';
import { annotated, templateInput, values } from '../../../test/fixtures/inject.ts';
import type { JsonObject } from '../../lib/json.ts';
import * as proxy from './proxy-container.ts';

const input = (annotations: Readonly<Record<string, string>> = {}, global: JsonObject = {}) =>
  templateInput({ pod: annotated(annotations), values: values({ global }) });

describe('the images', () => {
  const image = 'sidecar.istio.io/proxyImage';

  it('are those of hub and tag', () => {
    expect([proxy.proxyImage(input()), proxy.initImage(input())]).toEqual(['hub.example/proxyv2:1', 'hub.example/init:1']);
  });

  it('are the one of the annotation if it is a full one', () => {
    const own = input({ [image]: 'own.example/p:1' });

    expect([proxy.proxyImage(own), proxy.initImage(own)]).toEqual(['own.example/p:1', 'own.example/p:1']);
  });

  it.each(['', 'auto', 'proxyv2:2'])('are not the one of an annotation without a slash: %j', (text) => {
    expect(proxy.proxyImage(input({ [image]: text }, { proxy: { image: 'v.example/p' } }))).toBe('hub.example/proxyv2:1');
  });

  it('are the full ones of values', () => {
    const given = input({}, { proxy: { image: 'v.example/p' }, proxy_init: { image: 'v.example/i' } });

    expect([proxy.proxyImage(given), proxy.initImage(given)]).toEqual(['v.example/p', 'v.example/i']);
  });

  it('are pulled as values say', () => {
    expect(proxy.pullPolicy(input())).toEqual({});
    expect(proxy.pullPolicy(input({}, { imagePullPolicy: 'Always' }))).toEqual({ imagePullPolicy: 'Always' });
  });
});

describe('the arguments', () => {
  it('are those of values', () => {
    expect(proxy.proxyArguments(input(), 'router')).toEqual([
      'proxy',
      'router',
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      '--proxyLogLevel=warning',
      '--proxyComponentLogLevel=misc:error',
      '--log_output_level=default:info',
    ]);
  });

  it('have the log levels of the annotations, even empty ones', () => {
    const levels = {
      'sidecar.istio.io/logLevel': 'debug',
      'sidecar.istio.io/componentLogLevel': '',
      'sidecar.istio.io/agentLogLevel': 'all:debug',
    };

    expect(proxy.proxyArguments(input(levels), 'sidecar').slice(4)).toEqual([
      '--proxyLogLevel=debug',
      '--proxyComponentLogLevel=',
      '--log_output_level=all:debug',
    ]);
  });

  it('have the switches of values at the end', () => {
    const given = input({}, { sts: { servicePort: 15463 }, logAsJson: true, proxy: { outlierLogPath: '/dev/stdout' } });

    expect(proxy.proxyArguments(given, 'sidecar').slice(-3)).toEqual(['--stsPort=15463', '--log_as_json', '--outlierLogPath=/dev/stdout']);
  });
});

describe('the probes', () => {
  it('take their times from annotations, else from values', () => {
    const annotations = { 'readiness.status.sidecar.istio.io/periodSeconds': '7' };

    expect(proxy.readinessProbe(input(annotations))).toEqual({
      httpGet: { path: '/healthz/ready', port: 15021 },
      timeoutSeconds: 3,
      initialDelaySeconds: 0,
      periodSeconds: 7,
      failureThreshold: 4,
    });
  });

  it('may ask another port', () => {
    expect(proxy.readinessProbe(input(), 1).httpGet?.port).toBe(1);
  });

  it('give the proxy a time to start', () => {
    expect(proxy.startupProbe(input({}, { proxy: { startupProbe: { failureThreshold: 5 } } }))).toMatchObject({
      periodSeconds: 1,
      failureThreshold: 5,
    });
  });

  it('know the agent’s port by annotation or values', () => {
    expect(proxy.statusPort(input())).toBe('15020');
    expect(proxy.statusPort(input({ 'status.sidecar.istio.io/port': '0' }))).toBe('0');
  });
});

describe('holdsApplication', () => {
  it.each([
    [undefined, false, false],
    [true, false, true],
    [false, true, true],
  ])('is what the proxy configuration (%s) or values (%s) say: %s', (holdApplicationUntilProxyStarts, inValues, holds) => {
    const given = templateInput({
      proxyConfig: { ...(holdApplicationUntilProxyStarts !== undefined && { holdApplicationUntilProxyStarts }) },
      values: values({ global: { proxy: { holdApplicationUntilProxyStarts: inValues } } }),
    });

    expect(proxy.holdsApplication(given)).toBe(holds);
  });
});

describe('the resources', () => {
  const prefix = 'sidecar.istio.io/proxy';

  it('are those of values', () => {
    expect(proxy.resources(input())).toEqual({ limits: { cpu: '2000m', memory: '1024Mi' }, requests: { cpu: '100m', memory: '128Mi' } });
  });

  it.each<readonly [string, Readonly<Record<string, string>>, object]>([
    ['a request', { CPU: '1' }, { requests: { cpu: '1' } }],
    ['a limit', { MemoryLimit: '1Gi' }, { limits: { memory: '1Gi' } }],
    [
      'all',
      { CPU: '1', Memory: '2', CPULimit: '3', MemoryLimit: '4' },
      { requests: { cpu: '1', memory: '2' }, limits: { cpu: '3', memory: '4' } },
    ],
  ])('are only what the annotations say: %s', (_what, given, resources) => {
    const annotations = Object.fromEntries(Object.entries(given).map(([key, value]) => [`${prefix}${key}`, value]));

    expect(proxy.resources(input(annotations))).toEqual(resources);
  });

  it.each<readonly [string, JsonObject, object]>([
    ['one amount', { limits: { cpu: null } }, { limits: { memory: '1024Mi' }, requests: { cpu: '100m', memory: '128Mi' } }],
    ['a whole part', { limits: null }, { requests: { cpu: '100m', memory: '128Mi' } }],
    ['a part bit by bit', { limits: { cpu: null, memory: null } }, { requests: { cpu: '100m', memory: '128Mi' } }],
    ['everything', { limits: null, requests: null }, {}],
  ])('lack what values take away with null: %s', (_what, resources, expected) => {
    expect(proxy.resources(input({}, { proxy: { resources } }))).toEqual(expected);
  });

  it('are none where values take them away', () => {
    expect(proxy.resources(input({}, { proxy: { resources: null } }))).toEqual({});
  });
});
