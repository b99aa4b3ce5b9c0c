import { parseCel } from '../../lib/cel.ts';
import { error, type Findings } from '../../lib/finding.ts';
import { boolValue, type InferMessage, list, message, string } from '../../lib/message.ts';
import { checkProviders, providerRef, workloadMode } from './telemetry-provider.ts';

const name = 'istio.telemetry.v1alpha1.AccessLogging';

/** @see https://istio.io/latest/docs/reference/config/telemetry/#AccessLogging */
export const accessLogging = message(name, {
  match: message(`${name}.LogSelector`, { mode: workloadMode }),
  providers: list(providerRef),
  disabled: boolValue,
  filter: message(`${name}.Filter`, {
    /** CEL over Envoy's attributes. */
    expression: string,
  }),
});
type AccessLogging = InferMessage<typeof accessLogging>;

/** Paths from the entry. */
export function* checkAccessLogging({ providers, filter }: AccessLogging): Findings {
  if (filter) {
    const parsed = parseCel(filter.expression ?? '');
    if (!parsed.ok) yield error('filter-expression', 'filter.expression', `must be a valid CEL expression, ${parsed.error}`);
  }
  yield* checkProviders(providers);
}
