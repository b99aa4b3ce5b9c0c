import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { invariant } from '../lib/error.ts';
import { type MetricDeclaration, metricTable } from './metric-table.ts';
import type { Metrics } from './metrics.ts';

/** Metrics kept in this process, in the text format of Prometheus. */
export interface PrometheusMetrics {
  readonly metrics: Metrics;
  /** What `/metrics` answers. */
  scrape(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** A registry of its own with every metric of `metricTable`, the process metrics and `istio_build`. */
export function prometheusMetrics(build: { readonly component: string; readonly tag: string }): PrometheusMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = declared('counter', (name, { help, labels = [] }) => counter(registry, { name, help, labelNames: [...labels] }));
  const gauges = declared('gauge', (name, { help, labels = [] }) => gauge(registry, { name, help, labelNames: [...labels] }));
  const histograms = declared('histogram', (name, { help, labels = [], bucketsSeconds = [] }) =>
    histogram(registry, { name, help, labelNames: [...labels], buckets: [...bucketsSeconds] }),
  );
  const metrics: Metrics = {
    count: (name, labels, by = 1) => found(counters, name).inc(labels ?? {}, by),
    observe: (name, seconds, labels) => found(histograms, name).observe(labels ?? {}, seconds),
    set: (name, value, labels) => found(gauges, name).set(labels ?? {}, value),
  };
  metrics.set('istio_build', 1, build);
  return { metrics, scrape: async () => ({ contentType: registry.contentType, body: await registry.metrics() }) };
}

function counter(registry: Registry, configuration: ConstructorParameters<typeof Counter>[0]): Counter {
  return new Counter({ ...configuration, registers: [registry] });
}

function gauge(registry: Registry, configuration: ConstructorParameters<typeof Gauge>[0]): Gauge {
  return new Gauge({ ...configuration, registers: [registry] });
}

function histogram(registry: Registry, configuration: ConstructorParameters<typeof Histogram>[0]): Histogram {
  return new Histogram({ ...configuration, registers: [registry] });
}

function declared<T>(kind: MetricDeclaration['kind'], make: (name: string, declaration: MetricDeclaration) => T): ReadonlyMap<string, T> {
  const table: readonly (readonly [string, MetricDeclaration])[] = Object.entries(metricTable);
  return new Map(
    table.filter(([, declaration]) => declaration.kind === kind).map(([name, declaration]) => [name, make(name, declaration)]),
  );
}

function found<T>(instruments: ReadonlyMap<string, T>, name: string): T {
  const instrument = instruments.get(name);
  invariant(instrument !== undefined, `${name} is declared as another kind of metric`);
  return instrument;
}
