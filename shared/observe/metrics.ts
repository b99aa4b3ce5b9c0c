import type { MetricLabels, MetricName } from './metric-table.ts';

/** Where code counts what happens. A name or a label that `metricTable` does not declare does not compile. */
export interface Metrics {
  /** Adds to a counter. @default by 1 */
  count<N extends MetricName>(name: N, labels?: MetricLabels<N>, by?: number): void;
  /** One observation of a histogram of durations, in seconds. */
  observe<N extends MetricName>(name: N, seconds: number, labels?: MetricLabels<N>): void;
  /** Sets a gauge. */
  set<N extends MetricName>(name: N, value: number, labels?: MetricLabels<N>): void;
}

/** Counts nothing. */
export const noMetrics: Metrics = { count: ignore, observe: ignore, set: ignore };

function ignore(): void {}
