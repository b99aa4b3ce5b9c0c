/** `EnvoyFilter`: changes of Envoy's own configuration. Fields in the order of the .proto file. */

import { at, each, type Findings, hasErrors, warning } from '../../lib/finding.ts';
import { type InferMessage, int32, list, message } from '../../lib/message.ts';
import type { ConfigKind } from '../kind.ts';
import { policyTargetReference } from '../type/policy-target-reference.ts';
import { checkConfigPatch, configPatch } from './envoy-filter-patch.ts';
import { checkWorkloadSelector, workloadSelector } from './workload-selector.ts';

/** @see https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter */
const envoyFilter = message('istio.networking.v1alpha3.EnvoyFilter', {
  workloadSelector,
  targetRefs: list(policyTargetReference),
  configPatches: list(configPatch),
  /** Lowest first. @default 0 */
  priority: int32,
});
type EnvoyFilter = InferMessage<typeof envoyFilter>;

export const envoyFilterKind: ConfigKind<EnvoyFilter> = {
  group: 'networking.istio.io',
  kind: 'EnvoyFilter',
  schema: envoyFilter,
  checkSpec: checkEnvoyFilter,
};

const general =
  'EnvoyFilter exposes internal implementation details that may change at any time. ' +
  'Prefer other APIs if possible, and exercise extreme caution, especially around upgrades.';

function* checkEnvoyFilter({ workloadSelector: selector, configPatches }: EnvoyFilter): Findings {
  const selected = selector ? [...at('workloadSelector', checkWorkloadSelector(selector, 'Envoy filter'))] : [];
  yield warning('envoy-filter', '', general);
  yield* selected;
  if (!hasErrors(selected)) yield* each('configPatches', configPatches, checkConfigPatch);
}
