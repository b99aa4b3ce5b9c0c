import { describe, expect, it } from 'vitest';
import { container, pod } from '../../test/fixtures/inject.ts';
import type { Container, EnvVar, LifecycleHandler, Pod, Probe } from '../kube/pod.ts';
import { collectProbers, rewriteProbes } from './probes.ts';

const options = { rewriteByDefault: true, statusPort: 15020 };

interface Given {
  readonly app?: Container;
  readonly env?: readonly EnvVar[];
  readonly annotations?: Readonly<Record<string, string>>;
}

const withProxy = ({ app = {}, env, annotations = {} }: Given): Pod =>
  pod({ metadata: { annotations }, spec: { containers: [container(app), { name: 'istio-proxy', ...(env && { env }) }] } });

const rewritten = (given: Given) => rewriteProbes(withProxy(given), options);
const appOf = (given: Pod) => given.spec?.containers?.[0];
const recordedIn = (given: Pod) => given.spec?.containers?.[1]?.env?.find(({ name }) => name === 'ISTIO_KUBE_APP_PROBERS')?.value;

const ready: Probe = { httpGet: { path: '/ready', port: 8080 } };

describe('collectProbers', () => {
  const collected = (app: Container) => Object.fromEntries(collectProbers(withProxy({ app }), 15020));

  it('names each probe and handler by its container', () => {
    const call = { httpGet: { port: 1 } };
    const app = container({
      readinessProbe: call,
      livenessProbe: call,
      startupProbe: call,
      lifecycle: { preStop: call, postStart: call },
    });

    expect(Object.keys(collected(app))).toEqual([
      '/app-health/app/readyz',
      '/app-health/app/livez',
      '/app-health/app/startupz',
      '/app-lifecycle/app/prestopz',
      '/app-lifecycle/app/poststartz',
    ]);
  });

  it('collects from init containers too, and not from the proxy', () => {
    const given = pod({
      spec: {
        initContainers: [container({ name: 'native', startupProbe: ready })],
        containers: [{ name: 'istio-proxy', readinessProbe: ready }],
      },
    });

    expect([...collectProbers(given, 15020).keys()]).toEqual(['/app-health/native/startupz']);
    expect(collectProbers({}, 15020).size).toBe(0);
  });

  const probes: readonly (readonly [string, Probe, string])[] = [
    ['an HTTP call', { httpGet: { path: '/', port: 80 } }, '{"httpGet":{"path":"/","port":80}}'],
    [
      'all of an HTTP call',
      { httpGet: { path: '/', port: 80, host: 'h', scheme: 'HTTPS', httpHeaders: [{ name: 'a', value: 'b' }] } },
      '{"httpGet":{"path":"/","port":80,"host":"h","scheme":"HTTPS","httpHeaders":[{"name":"a","value":"b"}]}}',
    ],
    ['a TCP connection', { tcpSocket: { port: 81, host: 'h' } }, '{"tcpSocket":{"port":81,"host":"h"}}'],
    ['a gRPC call', { grpc: { port: 82, service: 's' } }, '{"grpc":{"port":82,"service":"s"}}'],
    ['a gRPC call without a service', { grpc: { port: 82 } }, '{"grpc":{"port":82,"service":null}}'],
    ['a gRPC call without a port', { grpc: {} }, '{"grpc":{"port":0,"service":null}}'],
    ['a gRPC call of the agent’s port', { grpc: { port: 15020 } }, '{"grpc":{"port":15020,"service":null}}'],
    ['the time-out', { tcpSocket: { port: 81 }, timeoutSeconds: 7 }, '{"tcpSocket":{"port":81},"timeoutSeconds":7}'],
    ['the time-out of a gRPC call', { grpc: { port: 1 }, timeoutSeconds: 7 }, '{"grpc":{"port":1,"service":null},"timeoutSeconds":7}'],
    ['HTTP before others', { httpGet: { port: 1 }, tcpSocket: { port: 2 }, grpc: { port: 3 } }, '{"httpGet":{"port":1}}'],
    ['a port that is not given', { httpGet: {} }, '{"httpGet":{"port":0}}'],
    ['a named port by its number', { httpGet: { port: 'web' } }, '{"httpGet":{"port":8080}}'],
  ];
  it.each(probes)('records %s', (_what, probe, text) => {
    const app = container({ ports: [{ containerPort: 1 }, { name: 'web', containerPort: 8080 }], readinessProbe: probe });

    expect(collected(app)).toEqual({ '/app-health/app/readyz': text });
  });

  it.each<readonly [string, Probe]>([
    ['a command', { exec: { command: ['true'] } }],
    ['nothing', { timeoutSeconds: 1 }],
    ['an unknown port name', { httpGet: { port: 'x' } }],
    ['a number written as text', { tcpSocket: { port: '8080' } }],
    ['a call of the agent', { httpGet: { port: 15020 } }],
    ['a connection to the agent', { tcpSocket: { port: 15020 } }],
    ['what an earlier injection wrote for another port', { httpGet: { path: '/app-health/app/readyz', port: 15999 } }],
  ])('does not record %s', (_what, readinessProbe) => {
    expect(collected(container({ ports: [{ name: 'web', containerPort: 8080 }], readinessProbe }))).toEqual({});
  });

  it.each<readonly [string, LifecycleHandler]>([
    ['a command', { exec: { command: ['true'] } }],
    ['a pause', { sleep: { seconds: 1 } }],
    ['what an earlier injection wrote for another port', { httpGet: { path: '/app-lifecycle/app/prestopz', port: 15999 } }],
  ])('does not record the handler that is %s', (_what, preStop) => {
    expect(collected(container({ lifecycle: { preStop } }))).toEqual({});
  });
});

describe('rewriteProbes', () => {
  it('sends probes to the agent, and tells it what they were', () => {
    const after = rewritten({ app: { readinessProbe: { ...ready, periodSeconds: 5 } } });

    expect(appOf(after)?.readinessProbe).toEqual({ httpGet: { path: '/app-health/app/readyz', port: 15020 }, periodSeconds: 5 });
    expect(recordedIn(after)).toBe('{"/app-health/app/readyz":{"httpGet":{"path":"/ready","port":8080}}}');
  });

  it('rewrites every kind to an HTTP call', () => {
    const after = rewritten({
      app: {
        readinessProbe: { tcpSocket: { port: 1 } },
        livenessProbe: { grpc: { port: 2 }, failureThreshold: 2 },
        startupProbe: { httpGet: { port: 3 }, grpc: { port: 4 } },
        lifecycle: { preStop: { tcpSocket: { port: 5 } }, postStart: { httpGet: { port: 6 } }, stopSignal: 'SIGTERM' },
      },
    });

    expect(appOf(after)).toEqual(
      container({
        readinessProbe: { httpGet: { path: '/app-health/app/readyz', port: 15020 } },
        livenessProbe: { httpGet: { path: '/app-health/app/livez', port: 15020 }, failureThreshold: 2 },
        startupProbe: { httpGet: { path: '/app-health/app/startupz', port: 15020 } },
        lifecycle: {
          preStop: { httpGet: { path: '/app-lifecycle/app/prestopz', port: 15020 } },
          postStart: { httpGet: { path: '/app-lifecycle/app/poststartz', port: 15020 } },
          stopSignal: 'SIGTERM',
        },
      }),
    );
  });

  it.each([
    [undefined, undefined],
    ['HTTPS', 'HTTP'],
    ['HTTP', 'HTTP'],
    ['https', 'https'],
  ])('makes of the scheme %s %s, and keeps host and headers', (scheme, expected) => {
    const rest = { host: 'h', httpHeaders: [{ name: 'a', value: 'b' }] };

    const after = rewritten({ app: { livenessProbe: { httpGet: { port: 1, ...rest, ...(scheme && { scheme }) } } } });

    const call = { path: '/app-health/app/livez', port: 15020, ...rest, ...(expected && { scheme: expected }) };
    expect(appOf(after)?.livenessProbe?.httpGet).toEqual(call);
  });

  it('keeps commands as they are', () => {
    const given = withProxy({ app: { livenessProbe: { exec: { command: ['true'] } }, lifecycle: { preStop: { exec: {} } } } });

    expect(rewriteProbes(given, options)).toEqual(given);
  });

  it('rewrites a probe of an unknown port name without recording it', () => {
    const after = rewritten({ app: { livenessProbe: { httpGet: { port: 'x' } } } });

    expect(appOf(after)?.livenessProbe?.httpGet).toEqual({ path: '/app-health/app/livez', port: 15020 });
    expect(recordedIn(after)).toBeUndefined();
  });

  it('rewrites init containers, and beside a native proxy', () => {
    const given = pod({ spec: { initContainers: [{ name: 'istio-proxy' }, container({ name: 'native', startupProbe: ready })] } });

    const init = rewriteProbes(given, options).spec?.initContainers;

    expect(init?.[0]?.env?.[0]?.name).toBe('ISTIO_KUBE_APP_PROBERS');
    expect(init?.[1]?.startupProbe?.httpGet?.path).toBe('/app-health/native/startupz');
  });

  it('leaves the proxy’s own probes alone', () => {
    const given = pod({ spec: { containers: [{ name: 'istio-proxy', readinessProbe: ready }] } });

    expect(rewriteProbes(given, options)).toEqual(given);
  });

  it('changes nothing without a proxy', () => {
    const given = pod({ spec: { containers: [container({ readinessProbe: ready })] } });

    expect(rewriteProbes(given, options)).toBe(given);
  });

  it.each([
    ['false', true, false],
    ['0', true, false],
    ['true', false, true],
    ['maybe', true, true],
    ['maybe', false, false],
    ['', false, false],
  ])('obeys the annotation %j over the default %s: %s', (wish, rewriteByDefault, isRewritten) => {
    const given = withProxy({ app: { readinessProbe: ready }, annotations: { 'sidecar.istio.io/rewriteAppHTTPProbers': wish } });

    const after = rewriteProbes(given, { ...options, rewriteByDefault });

    expect(after !== given).toBe(isRewritten);
  });

  it.each([
    ['15021', 15021],
    ['0', 0],
    ['', 15020],
    ['x', 0],
    [' 15021 ', 0],
  ])('calls the port of the annotation %j: %i', (text, port) => {
    const after = rewritten({ app: { readinessProbe: ready }, annotations: { 'status.sidecar.istio.io/port': text } });

    expect(appOf(after)?.readinessProbe?.httpGet?.port).toBe(port);
  });

  const recorded = 'ISTIO_KUBE_APP_PROBERS';

  it('sorts what it records, and escapes it as Go does', () => {
    const after = rewritten({
      app: {
        readinessProbe: { httpGet: { path: '/a?b=1&c=<2>', port: 1 } },
        livenessProbe: { grpc: { port: 2, service: 'a&b' } },
      },
    });

    expect(recordedIn(after)).toBe(
      '{"/app-health/app/livez":{"grpc":{"port":2,"service":"a\\u0026b"}},' +
        '"/app-health/app/readyz":{"httpGet":{"path":"/a?b=1\\u0026c=\\u003c2\\u003e","port":1}}}',
    );
  });

  it('appends its record in a first injection, also beside one that the user wrote', () => {
    const after = rewritten({ app: { readinessProbe: ready }, env: [{ name: recorded, value: 'own' }] });

    expect(after.spec?.containers?.[1]?.env?.map(({ value }) => value)).toEqual([
      'own',
      '{"/app-health/app/readyz":{"httpGet":{"path":"/ready","port":8080}}}',
    ]);
  });

  const second = { 'sidecar.istio.io/status': '{}' };

  it('adds to the record of an earlier injection, which wins', () => {
    const value = '{"/app-health/app/readyz":{"httpGet":{"path":"/first?a\\u0026b","port":1}},"/z":{"a":1}}';

    const after = rewritten({
      app: { readinessProbe: ready, livenessProbe: ready },
      env: [{ name: 'A' }, { name: recorded, value }],
      annotations: second,
    });

    expect(after.spec?.containers?.[1]?.env).toEqual([
      { name: 'A' },
      {
        name: recorded,
        value:
          '{"/app-health/app/livez":{"httpGet":{"path":"/ready","port":8080}},' +
          '"/app-health/app/readyz":{"httpGet":{"path":"/first?a\\u0026b","port":1}},"/z":{"a":1}}',
      },
    ]);
  });

  it.each(['', '{', '[]', 'null', '7'])('records anew over the unreadable record %j', (value) => {
    const after = rewritten({ app: { readinessProbe: ready }, env: [{ name: recorded, value }], annotations: second });

    expect(recordedIn(after)).toBe('{"/app-health/app/readyz":{"httpGet":{"path":"/ready","port":8080}}}');
  });

  it('appends where an earlier injection recorded nothing', () => {
    const after = rewritten({ app: { readinessProbe: ready }, annotations: second });

    expect(recordedIn(after)).toContain('/ready');
  });

  it('is done after one time', () => {
    const once = rewritten({ app: { readinessProbe: ready, lifecycle: { preStop: { tcpSocket: { port: 1 } } } }, annotations: second });

    expect(rewriteProbes(once, options)).toEqual(once);
  });
});
