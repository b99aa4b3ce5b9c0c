/** One measured figure, beside the figure of the same work without us where there is such a thing. */
export interface Figure {
  /** What was measured: `small pod, CPU per request`. */
  readonly what: string;
  /** Empty for a plain number; `×` how many times as much as something else. */
  readonly unit: 'µs' | 'ms' | 'req/s' | 'bytes' | 'MB' | '%' | '×' | '';
  readonly value: number;
  /** The echo handler, express + serverless-http alone, or what else the bench names. */
  readonly beside?: number;
  /** What we promise; the table says whether the value keeps it. */
  readonly atMost?: number;
}

export interface Bench {
  /** What `npm run bench -- FILTER` looks for. */
  readonly name: string;
  readonly about: string;
  /** @throws LeftOut where an input is missing. */
  readonly run: (say: (line: string) => void) => Promise<readonly Figure[]>;
}

/** Why a bench cannot run here; not a failure. */
export class LeftOut extends Error {}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
