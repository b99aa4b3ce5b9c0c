import { describe, expect, it } from 'vitest';
import { annotated, container, pod } from '../../test/fixtures/inject.ts';
import type { EnvVar, Pod } from '../kube/pod.ts';
import { announceSecureMetrics, mergePrometheus } from './prometheus.ts';

const options = { mergeByDefault: true, statusPort: 15020 };
const atAgent = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '15020', 'prometheus.io/path': '/stats/prometheus' };

const withProxy = (annotations: Readonly<Record<string, string>>, env?: readonly EnvVar[]): Pod =>
  annotated(annotations, { containers: [container(), { name: 'istio-proxy', ...(env && { env }) }] });

function merged(annotations: Readonly<Record<string, string>>, partial: Partial<typeof options> = {}): Pod {
  const result = mergePrometheus(withProxy(annotations), { ...options, ...partial });
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const noted = (given: Pod) => given.spec?.containers?.[1]?.env?.find(({ name }) => name === 'ISTIO_PROMETHEUS_ANNOTATIONS')?.value;

describe('mergePrometheus', () => {
  it('points a pod that asks for nothing at the agent, and notes nothing', () => {
    const after = merged({});

    expect(after.metadata?.annotations).toEqual(atAgent);
    expect(noted(after)).toBeUndefined();
  });

  it('points a pod without a proxy at the agent too', () => {
    expect(mergePrometheus({}, options)).toEqual({ ok: true, value: { metadata: { annotations: atAgent } } });
  });

  it('notes what the pod asks for, and keeps other annotations', () => {
    const after = merged({
      other: 'x',
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '9090',
      'prometheus.io/path': '/m?a=1&b=<2>',
    });

    expect(after.metadata?.annotations).toEqual({ other: 'x', ...atAgent });
    expect(noted(after)).toBe('{"scrape":"true","path":"/m?a=1\\u0026b=\\u003c2\\u003e","port":"9090"}');
  });

  it.each(['prometheus-io/port', 'prometheus.io.port', 'prometheus_io_port', 'prometheus!io port'])('takes %s for the port', (spelling) => {
    const after = merged({ [spelling]: '9090' });

    expect(after.metadata?.annotations).toEqual(atAgent);
    expect(noted(after)).toBe('{"scrape":"","path":"","port":"9090"}');
  });

  it('does not take another case for the same', () => {
    expect(noted(merged({ 'Prometheus.io/port': '9090' }))).toBeUndefined();
  });

  it('takes the first spelling in order of several', () => {
    expect(noted(merged({ 'prometheus.io/port': '2', 'prometheus-io/port': '1' }))).toContain('"port":"1"');
  });

  it.each([
    ['scraping is off', { 'prometheus.io/scrape': 'false' }, {}],
    ['scraping is off in another spelling', { prometheus_io_scrape: 'F' }, {}],
    ['merging is off for the pod', { 'prometheus.istio.io/merge-metrics': 'false' }, {}],
    ['merging is off in the mesh', {}, { mergeByDefault: false }],
    ['it points at the agent already', { 'prometheus.io/port': '15020' }, {}],
    ['it points at the agent’s other port already', { 'prometheus.io/port': '15999' }, { statusPort: 15999 }],
  ])('changes nothing if %s', (_rule, annotations, partial) => {
    const given = withProxy(annotations);

    expect(mergePrometheus(given, { ...options, ...partial })).toEqual({ ok: true, value: given });
  });

  it.each([
    ['merging is on for the pod', { 'prometheus.istio.io/merge-metrics': 'true' }, { mergeByDefault: false }],
    ['the scrape annotation says nothing clear', { 'prometheus.io/scrape': 'maybe' }, {}],
    ['the merge annotation says nothing clear', { 'prometheus.istio.io/merge-metrics': 'maybe' }, {}],
  ])('points at the agent if %s', (_rule, annotations, partial) => {
    expect(merged(annotations, partial).metadata?.annotations).toMatchObject(atAgent);
  });

  it.each([
    ['9090', '[{"port":"9090","path":"/metrics"}]'],
    ['9090:/a, 9091 : /b ,,', '[{"port":"9090","path":"/a"},{"port":"9091","path":"/b"}]'],
    ['9090:', '[{"port":"9090","path":"/metrics"}]'],
    ['9090:/a:b', '[{"port":"9090","path":"/a:b"}]'],
  ])('reads the targets %s', (text, targets) => {
    const after = merged({ 'prometheus.istio.io/scrape-targets': text, 'prometheus.io/port': '1', 'prometheus.io/path': '/x' });

    expect(JSON.parse(noted(after) ?? '')).toMatchObject({ ...JSON.parse(targets)[0], targets: JSON.parse(targets) });
    expect(after.metadata?.annotations).toEqual(atAgent);
  });

  it.each(['', ' , ', ':/a', '9090,:/a'])('ignores the targets %j', (text) => {
    const after = merged({ 'prometheus.istio.io/scrape-targets': text, 'prometheus.io/port': '9090' });

    expect(noted(after)).toBe('{"scrape":"","path":"","port":"9090"}');
  });

  const error = (annotations: Readonly<Record<string, string>>) => {
    const result = mergePrometheus(withProxy(annotations), options);
    return result.ok ? undefined : result.error;
  };

  it.each(['0', '-1', '65536', 'http', '1.5', ' 80', '99999999999999999999'])('refuses the port %j', (port) => {
    expect(error({ 'prometheus.io/port': port })).toBe(`invalid prometheus scrape configuration: invalid port "${port}"`);
    if (port !== ' 80') {
      expect(error({ 'prometheus.istio.io/scrape-targets': port })).toBe(
        `invalid prometheus scrape targets: invalid target port "${port}"`,
      );
    }
  });

  it.each([15000, 15001, 15004, 15006, 15008, 15021, 15053, 15090])('refuses the proxy’s own port %i', (port) => {
    expect(error({ 'prometheus.io/port': String(port) })).toContain(`port ${port} is reserved for Istio`);
    expect(error({ 'prometheus.io/port': `0${port}` })).toContain(`port 0${port} is reserved for Istio`);
    expect(error({ 'prometheus.istio.io/scrape-targets': `9090,${port}` })).toContain(`target port ${port} is reserved for Istio`);
  });

  it('refuses the agent’s port in another spelling, and as a target', () => {
    expect(error({ 'prometheus.io/port': '015020' })).toContain('port 015020 conflicts with agent port');
    expect(error({ 'prometheus.istio.io/scrape-targets': '15020' })).toContain('target port 15020 conflicts with agent port');
  });

  it('refuses the default agent port where the agent has another one', () => {
    const result = mergePrometheus(withProxy({ 'prometheus.io/port': '15020' }), { ...options, statusPort: 15999 });

    expect(result).toMatchObject({ ok: false, error: expect.stringContaining('port 15020 is reserved for Istio (agent)') });
  });

  it.each(['1', '65535', '9090'])('takes the port %s', (port) => {
    expect(noted(merged({ 'prometheus.io/port': port }))).toContain(`"port":"${port}"`);
  });

  it('keeps annotations named like prototype members', () => {
    const annotations = JSON.parse('{"__proto__":"a","constructor":"b"}');

    expect(JSON.stringify(merged(annotations).metadata?.annotations)).toContain('{"__proto__":"a","constructor":"b",');
  });
});

describe('announceSecureMetrics', () => {
  const port = (value: string) => withProxy({}, [{ name: 'ENVOY_SECURE_MERGED_METRICS_PORT', value }]);

  it('announces the port', () => {
    expect(announceSecureMetrics(port('15092')).metadata?.annotations).toEqual({ 'prometheus.istio.io/secure-port': '15092' });
  });

  it.each(['', '0'])('announces no port %j', (value) => {
    const given = port(value);

    expect(announceSecureMetrics(given)).toBe(given);
  });

  it.each([pod(), {}, withProxy({}), withProxy({}, [{ name: 'ENVOY_SECURE_MERGED_METRICS_PORT', valueFrom: {} }])])(
    'announces nothing if the proxy is not told to',
    (given) => {
      expect(announceSecureMetrics(given)).toBe(given);
    },
  );

  it.each(['prometheus.istio.io/secure-port', 'prometheus_istio_io_secure_port'])('keeps the pod’s own %s', (name) => {
    const given = withProxy({ [name]: '' }, [{ name: 'ENVOY_SECURE_MERGED_METRICS_PORT', value: '15092' }]);

    expect(announceSecureMetrics(given)).toBe(given);
  });
});
