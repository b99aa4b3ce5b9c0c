import { at, error, type Findings, memberPath, warning } from '../../lib/finding.ts';
import { boolValue, doubleValue, type InferMessage, list, map, message, oneof, string } from '../../lib/message.ts';
import { checkProviders, providerRef, workloadMode } from './telemetry-provider.ts';

const name = 'istio.telemetry.v1alpha1.Tracing';

/** Where the value of a span's tag comes from. */
const customTag = message(`${name}.CustomTag`, {
  ...oneof('Type', {
    literal: message(`${name}.Literal`, { value: string }),
    environment: message(`${name}.Environment`, { name: string, defaultValue: string }),
    header: message(`${name}.RequestHeader`, { name: string, defaultValue: string }),
    formatter: message(`${name}.Formatter`, { value: string }),
  }),
});
type CustomTag = InferMessage<typeof customTag>;

/** @see https://istio.io/latest/docs/reference/config/telemetry/#Tracing */
export const tracing = message(name, {
  match: message(`${name}.TracingSelector`, { mode: workloadMode }),
  providers: list(providerRef),
  /** Percent. */
  randomSamplingPercentage: doubleValue,
  disableSpanReporting: boolValue,
  customTags: map(customTag),
  useRequestIdForTraceSampling: boolValue,
  enableIstioTags: boolValue,
  disableContextPropagation: boolValue,
});
type Tracing = InferMessage<typeof tracing>;

/** Paths from the entry. */
export function* checkTracing({ providers, randomSamplingPercentage = 0, customTags = {} }: Tracing): Findings {
  if (providers && providers.length > 1) yield warning('providers-multiple', 'providers', 'multiple providers is not currently supported');
  yield* checkProviders(providers);
  if (randomSamplingPercentage < 0 || randomSamplingPercentage > 100) {
    yield error('sampling-range', 'randomSamplingPercentage', 'randomSamplingPercentage must be in range [0.0, 100.0]');
  }
  for (const [tag, value] of Object.entries(customTags)) yield* at(memberPath('customTags', tag), checkCustomTag(tag, value));
}

function* checkCustomTag(tag: string, { literal, environment, header }: CustomTag): Findings {
  if (tag === '') yield error('tag-name', '', 'tag name may not be empty');
  if (literal && !literal.value) yield error('tag-literal', 'literal.value', 'literal tag value may not be empty');
  if (header && !header.name) yield error('tag-header', 'header.name', 'header tag name may not be empty');
  if (environment && !environment.name) yield error('tag-environment', 'environment.name', 'environment tag name may not be empty');
}
