import { type MetricDeclaration, type MetricName, metricTable } from './metric-table.ts';
import type { Metrics } from './metrics.ts';

/**
 * Metrics of a function, which nobody can scrape: members of a log line in CloudWatch's embedded metric format. CloudWatch reads them out of the log under the
 * names and labels of `metricTable`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export interface EmfMetrics {
  readonly metrics: Metrics;
  /**
   * What was counted since the last call, as members of one line or more: a line has room for one value of each label.
   * @param line what the first line holds already; labels that it has with other values go to the next.
   */
  drain(line: EmfLine, nowMs: number): readonly EmfLine[];
}

export type EmfLine = Readonly<Record<string, unknown>>;

const namespace = 'pilotless';
/** CloudWatch takes no empty value for a dimension. */
const emptyLabel = 'none';

interface Sample {
  readonly name: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

export function emfMetrics(): EmfMetrics {
  let samples = new Map<string, Sample>();
  const add = (name: MetricName, given: object | undefined, merge: (values: readonly number[]) => readonly number[]): void => {
    const labels = Object.fromEntries(Object.entries(given ?? {}).map(([label, value]) => [label, String(value) || emptyLabel]));
    const key = JSON.stringify([name, Object.entries(labels).sort()]);
    samples.set(key, { name, labels, values: merge(samples.get(key)?.values ?? []) });
  };
  return {
    metrics: {
      count: (name, labels, by = 1) => add(name, labels, ([sum = 0]) => [sum + by]),
      observe: (name, seconds, labels) => add(name, labels, (values) => [...values, seconds]),
      set: (name, value, labels) => add(name, labels, () => [value]),
    },
    drain: (line, nowMs) => {
      const drained = [...samples.values()];
      samples = new Map();
      return linesOf(drained, line, nowMs);
    },
  };
}

function linesOf(samples: readonly Sample[], first: EmfLine, nowMs: number): readonly EmfLine[] {
  const lines: { members: Record<string, unknown>; directives: object[] }[] = [{ members: { ...first }, directives: [] }];
  for (const { name, labels, values } of samples) {
    const found = lines.find(
      ({ members }) => !(name in members) && Object.entries(labels).every(([label, value]) => (members[label] ?? value) === value),
    );
    const line = found ?? { members: {}, directives: [] };
    if (found === undefined) lines.push(line);
    const [only] = values;
    Object.assign(line.members, labels, { [name]: values.length === 1 ? only : values });
    line.directives.push({ Namespace: namespace, Dimensions: [Object.keys(labels).sort()], Metrics: [{ Name: name, Unit: unitOf(name) }] });
  }
  return lines.map(({ members, directives }) =>
    directives.length === 0 ? members : { ...members, _aws: { Timestamp: nowMs, CloudWatchMetrics: directives } },
  );
}

/** Histograms of ours are of durations. */
function unitOf(name: MetricName): 'Count' | 'Seconds' {
  const declaration: MetricDeclaration = metricTable[name];
  return declaration.kind === 'histogram' ? 'Seconds' : 'Count';
}
