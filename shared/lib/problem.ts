/** Something wrong in what a user wrote. Data, never thrown: a stage returns its problems and goes on with the rest. */
export interface Problem {
  /** Stable, kebab-case: tests, metrics and documentation refer to it. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** `Kind namespace/name`, or the file for what is no object. */
  readonly object: string;
  /** Into the user's YAML, `spec.http[2].route[0].weight`; empty for the whole object. */
  readonly path: string;
  /** What is wrong and what to do; lower case, no full stop, never a user's secret. */
  readonly message: string;
}
