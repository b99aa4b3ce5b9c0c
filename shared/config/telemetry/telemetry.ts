/** `Telemetry`: metrics, spans and access logs of workloads. Fields in the order of the .proto file. */

import { each, type Findings, warning } from '../../lib/finding.ts';
import { type InferMessage, list, message } from '../../lib/message.ts';
import type { ConfigKind } from '../kind.ts';
import { checkPolicyTarget, policyTargetReference } from '../type/policy-target-reference.ts';
import { workloadSelector } from '../type/workload-selector.ts';
import { accessLogging, checkAccessLogging } from './telemetry-access-logging.ts';
import { checkMetrics, metrics } from './telemetry-metrics.ts';
import { checkTracing, tracing } from './telemetry-tracing.ts';

/** @see https://istio.io/latest/docs/reference/config/telemetry/#Telemetry */
export const telemetry = message('istio.telemetry.v1alpha1.Telemetry', {
  selector: workloadSelector,
  targetRef: policyTargetReference,
  targetRefs: list(policyTargetReference),
  tracing: list(tracing),
  metrics: list(metrics),
  accessLogging: list(accessLogging),
});
export type Telemetry = InferMessage<typeof telemetry>;

export const telemetryKind: ConfigKind<Telemetry> = {
  group: 'telemetry.istio.io',
  kind: 'Telemetry',
  schema: telemetry,
  checkSpec: checkTelemetry,
};

function* checkTelemetry(spec: Telemetry): Findings {
  yield* checkPolicyTarget(spec);
  yield* each('metrics', spec.metrics, checkMetrics);
  if (spec.tracing && spec.tracing.length > 1) yield warning('tracing-multiple', 'tracing', 'multiple tracing is not currently supported');
  yield* each('tracing', spec.tracing, checkTracing);
  yield* each('accessLogging', spec.accessLogging, checkAccessLogging);
}
