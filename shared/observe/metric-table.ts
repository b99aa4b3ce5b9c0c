/** A metric as Prometheus shows it. */
export interface MetricDeclaration {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels?: readonly string[];
  /** Upper bounds of a histogram, in seconds. */
  readonly bucketsSeconds?: readonly number[];
}

/**
 * Every metric of the control plane. Istio's stock Grafana boards and alerts read theirs by name, so names, labels and bounds are istiod's
 * (checked against istio master of 2026-08-22); ours begin with `pilotless_`. A metric without labels shows 0 from the start.
 */
export const metricTable = {
  sidecar_injection_requests_total: { kind: 'counter', help: 'Requests to the injection webhook.' },
  sidecar_injection_success_total: {
    kind: 'counter',
    help: 'Injection requests that were answered, also with an error or with no change.',
  },
  sidecar_injection_failure_total: { kind: 'counter', help: 'Injection requests that ended in an error.' },
  sidecar_injection_skip_total: { kind: 'counter', help: 'Injection requests where the policy left the pod as it is.' },
  sidecar_injection_time_seconds: {
    kind: 'histogram',
    help: 'Time from an injection request to its answer.',
    bucketsSeconds: [0.1, 1, 3, 5, 10, 20, 30, 60],
  },
  galley_validation_passed: {
    kind: 'counter',
    help: 'Configuration objects that the validation webhook accepted.',
    labels: ['group', 'version', 'resource'],
  },
  galley_validation_failed: {
    kind: 'counter',
    help: 'Configuration objects that the validation webhook refused.',
    labels: ['group', 'version', 'resource', 'reason'],
  },
  galley_validation_http_error: {
    kind: 'counter',
    help: 'Validation requests that were no admission review, by HTTP status.',
    labels: ['status'],
  },
  pilot_xds: { kind: 'gauge', help: 'Streams of proxies whose node is known, by the version of the proxy.', labels: ['version'] },
  pilot_xds_pushes: { kind: 'counter', help: 'Responses sent to proxies, by resource type.', labels: ['type'] },
  pilot_total_xds_rejects: { kind: 'counter', help: 'Responses that a proxy refused.' },
  istio_build: { kind: 'gauge', help: 'Always 1; the labels say which build runs.', labels: ['component', 'tag'] },
  pilotless_injection_decisions_total: {
    kind: 'counter',
    help: 'Pods by what was decided for them and why.',
    labels: ['decision', 'reason'],
  },
  pilotless_config_reloads_total: {
    kind: 'counter',
    help: 'Changed settings or mesh files that were taken over or refused while running.',
    labels: ['what', 'result'],
  },
  pilotless_snapshot_age_seconds: {
    kind: 'gauge',
    help: 'Time since the store last named the served snapshot; grows while the store is away.',
  },
  pilotless_snapshots_refused_total: { kind: 'counter', help: 'Snapshots that were not served because they cannot be read whole.' },
  pilotless_store_errors_total: { kind: 'counter', help: 'Times that the store of snapshots could not be read.' },
  pilotless_gateway_encoded_total: {
    kind: 'counter',
    help: 'Messages that the gateway made itself because no snapshot has what a proxy named.',
  },
  pilotless_hints_total: {
    kind: 'counter',
    help: 'Accepted changes of configuration that were told to the compiler, by what became of the hint.',
    labels: ['operation', 'result'],
  },
  pilotless_compiles_total: { kind: 'counter', help: 'Compiles of the mesh by what became of them.', labels: ['result'] },
  pilotless_config_problems: {
    kind: 'gauge',
    help: 'Problems in the configuration as the last compile found it, by severity.',
    labels: ['severity'],
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;

export type MetricName = keyof typeof metricTable;

type LabelName<N extends MetricName> = (typeof metricTable)[N] extends { readonly labels: readonly (infer L extends string)[] } ? L : never;

/** The labels that a metric declares, name to value. */
export type MetricLabels<N extends MetricName> = Readonly<Partial<Record<LabelName<N>, string>>>;
