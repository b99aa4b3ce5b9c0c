import { at, each, error, type Findings, memberPath, warning } from '../../lib/finding.ts';
import { boolValue, duration, enumeration, type InferMessage, list, map, message, oneof, string } from '../../lib/message.ts';
import { checkProviders, providerRef, workloadMode } from './telemetry-provider.ts';

const name = 'istio.telemetry.v1alpha1';

const metric = enumeration(`${name}.MetricSelector.IstioMetric`, [
  'ALL_METRICS',
  'REQUEST_COUNT',
  'REQUEST_DURATION',
  'REQUEST_SIZE',
  'RESPONSE_SIZE',
  'TCP_OPENED_CONNECTIONS',
  'TCP_CLOSED_CONNECTIONS',
  'TCP_SENT_BYTES',
  'TCP_RECEIVED_BYTES',
  'GRPC_REQUEST_MESSAGES',
  'GRPC_RESPONSE_MESSAGES',
]);

const tagOverride = message(`${name}.MetricsOverrides.TagOverride`, {
  operation: enumeration(`${name}.MetricsOverrides.TagOverride.Operation`, ['UPSERT', 'REMOVE']),
  /** CEL over Envoy's attributes. */
  value: string,
});
type TagOverride = InferMessage<typeof tagOverride>;

const metricsOverrides = message(`${name}.MetricsOverrides`, {
  match: message(`${name}.MetricSelector`, { ...oneof('MetricMatch', { metric, customMetric: string }), mode: workloadMode }),
  disabled: boolValue,
  tagOverrides: map(tagOverride),
});
type MetricsOverrides = InferMessage<typeof metricsOverrides>;

/** @see https://istio.io/latest/docs/reference/config/telemetry/#Metrics */
export const metrics = message(`${name}.Metrics`, {
  providers: list(providerRef),
  overrides: list(metricsOverrides),
  /** @default 5s */
  reportingInterval: duration,
});
type Metrics = InferMessage<typeof metrics>;

/** Paths from the entry. */
export function* checkMetrics({ providers, overrides }: Metrics): Findings {
  yield* checkProviders(providers);
  yield* each('overrides', overrides, checkOverride);
}

function* checkOverride({ match, tagOverrides = {} }: MetricsOverrides): Findings {
  for (const [tag, override] of Object.entries(tagOverrides)) {
    const path = memberPath('tagOverrides', tag);
    if (tag === '') yield warning('tag-name', path, 'tagOverrides.name may not be empty');
    yield* at(path, checkTagOverride(override));
  }
  if (match?.customMetric === '') yield error('custom-metric', 'match.customMetric', 'customMetric may not be empty');
}

function* checkTagOverride({ operation = 'UPSERT', value = '' }: TagOverride): Findings {
  if (operation === 'UPSERT' && value === '') yield error('tag-value', 'value', 'tagOverrides.value must be set when operation is UPSERT');
  if (operation === 'REMOVE' && value !== '')
    yield error('tag-value', 'value', 'tagOverrides.value may only be set when operation is UPSERT');
}
