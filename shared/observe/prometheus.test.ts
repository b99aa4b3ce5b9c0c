import { describe, expect, it } from 'vitest';
import { metricTable } from './metric-table.ts';
import { noMetrics } from './metrics.ts';
import { prometheusMetrics } from './prometheus.ts';

const created = () => prometheusMetrics({ component: 'pilot', tag: '1.2.3' });

describe('prometheusMetrics', () => {
  it.each(Object.entries(metricTable))('declares %s with its kind and help', async (name, { kind, help }) => {
    const { body } = await created().scrape();

    expect(body).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`);
  });

  it('shows metrics without labels as 0 from the start, so that rates have a first point', async () => {
    expect((await created().scrape()).body).toContain('\nsidecar_injection_requests_total 0\n');
  });

  it('tells the build and the process', async () => {
    const { body, contentType } = await created().scrape();

    expect(body).toContain('\nistio_build{component="pilot",tag="1.2.3"} 1\n');
    expect(body).toContain('process_resident_memory_bytes ');
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  it('counts by one or by more, by label', async () => {
    const { metrics, scrape } = created();

    metrics.count('sidecar_injection_skip_total');
    metrics.count('sidecar_injection_skip_total', {}, 2);
    metrics.count('pilotless_injection_decisions_total', { decision: 'skipped', reason: 'host-network' });

    const { body } = await scrape();
    expect(body).toContain('sidecar_injection_skip_total 3\n');
    expect(body).toContain('pilotless_injection_decisions_total{decision="skipped",reason="host-network"} 1\n');
  });

  it('sorts injection times into Istio’s buckets', async () => {
    const { metrics, scrape } = created();

    metrics.observe('sidecar_injection_time_seconds', 0.5);

    const { body } = await scrape();
    const buckets = [...body.matchAll(/sidecar_injection_time_seconds_bucket\{le="(.+?)"\} (\d)/g)].map(
      ([, bound, count]) => `${bound}:${count}`,
    );
    expect(buckets).toEqual(['0.1:0', '1:1', '3:1', '5:1', '10:1', '20:1', '30:1', '60:1', '+Inf:1']);
  });

  it('keeps two registries apart', async () => {
    const [one, other] = [created(), created()];

    one.metrics.count('sidecar_injection_requests_total');

    expect((await other.scrape()).body).toContain('sidecar_injection_requests_total 0\n');
  });

  it('finds a metric that is used as another kind', () => {
    expect(() => created().metrics.observe('sidecar_injection_requests_total', 1)).toThrow(/declared as another kind/);
  });
});

describe('noMetrics', () => {
  it('takes every call', () => {
    expect([
      noMetrics.count('sidecar_injection_requests_total'),
      noMetrics.observe('sidecar_injection_time_seconds', 1),
      noMetrics.set('istio_build', 1),
    ]).toEqual([undefined, undefined, undefined]);
  });
});
