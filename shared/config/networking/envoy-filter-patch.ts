/** One change of Envoy's configuration. Fields in the order of the .proto file. */

import { at, error, type Findings, hasErrors } from '../../lib/finding.ts';
import { enumeration, type InferMessage, message, structValue } from '../../lib/message.ts';
import { checkMatch, checkProxyVersion, objectMatch } from './envoy-filter-match.ts';
import { checkPatchValue } from './envoy-filter-value.ts';

const name = 'istio.networking.v1alpha3.EnvoyFilter';

const applyTo = enumeration(`${name}.ApplyTo`, [
  'INVALID',
  'LISTENER',
  'FILTER_CHAIN',
  'NETWORK_FILTER',
  'HTTP_FILTER',
  'ROUTE_CONFIGURATION',
  'VIRTUAL_HOST',
  'HTTP_ROUTE',
  'CLUSTER',
  'EXTENSION_CONFIG',
  'BOOTSTRAP',
  'LISTENER_FILTER',
]);

const patch = message(`${name}.Patch`, {
  operation: enumeration(`${name}.Patch.Operation`, [
    'INVALID',
    'MERGE',
    'ADD',
    'REMOVE',
    'INSERT_BEFORE',
    'INSERT_AFTER',
    'INSERT_FIRST',
    'REPLACE',
    'MERGE_AND_REPLACE_LIST',
  ]),
  value: structValue,
  filterClass: enumeration(`${name}.Patch.FilterClass`, ['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS']),
});

/** @see https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter-EnvoyConfigObjectPatch */
export const configPatch = message(`${name}.EnvoyConfigObjectPatch`, { applyTo, match: objectMatch, patch });
type ConfigPatch = InferMessage<typeof configPatch>;

/** A problem ends the check of its patch, not that of the others. Paths from the patch. */
export function* checkConfigPatch(given: ConfigPatch): Findings {
  const { applyTo: target = 'INVALID', match = {}, patch: change } = given;
  if (match.context === 'WAYPOINT') return;
  const missing = missingPart(given);
  if (missing !== undefined) {
    yield error('patch-incomplete', missing.path, `Envoy filter: missing ${missing.what}`);
    return;
  }
  const version = [...at('match', checkProxyVersion(match))];
  yield* version;
  if (hasErrors(version)) return;
  const matched = [...at('match', checkMatch(match, target))];
  yield* matched;
  if (isStopped(matched, target)) return;
  if (change?.value !== undefined) yield* at('patch.value', checkPatchValue(target, change.value));
}

/** Istio compatibility: of routes and clusters the value is looked at even where the match is wrong. */
function isStopped(matched: Parameters<typeof hasErrors>[0], target: string): boolean {
  return hasErrors(matched) && ['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER'].includes(target);
}

interface Missing {
  readonly path: string;
  readonly what: string;
}

function missingPart({ applyTo: target = 'INVALID', patch: change }: ConfigPatch): Missing | undefined {
  if (target === 'INVALID') return { path: 'applyTo', what: 'applyTo' };
  if (change === undefined) return { path: 'patch', what: 'patch' };
  const { operation = 'INVALID', value } = change;
  if (operation === 'INVALID') return { path: 'patch.operation', what: 'patch operation' };
  const needsValue = operation !== 'REMOVE' && value === undefined;
  return needsValue ? { path: 'patch.value', what: 'patch value for non-remove operation' } : undefined;
}
