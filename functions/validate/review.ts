import { type RequestedObject, type Validation, validateObject } from '../../shared/config/validate-object.ts';
import type { AdmissionDecision, AdmissionRequest } from '../../shared/kube/admissionreview.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../shared/lib/json.ts';
import type { Problem } from '../../shared/lib/problem.ts';

/** Why a review counts as failed: Istio's words, which its alerts look for. */
export type FailureReason = 'unsupported_operation' | 'yaml_decode_error' | 'unknown_type' | 'crd_conversion_error' | 'invalid_resource';

export interface ReviewOutcome {
  readonly decision: AdmissionDecision;
  /** Undefined for a review that counts as passed. */
  readonly failure?: FailureReason;
}

/** Answers a review as istiod does: only objects that are created or changed are looked at, and only what is allowed has warnings. */
export function decideReview({ operation, object, kind, namespace }: AdmissionRequest): ReviewOutcome {
  // Istio counts a deletion as unsupported, because nobody sends it one; ours are asked for, as hints.
  if (operation === 'DELETE') return { decision: { allowed: true } };
  if (operation !== 'CREATE' && operation !== 'UPDATE') return { decision: { allowed: true }, failure: 'unsupported_operation' };
  if (!isJsonObject(object)) return refused('yaml_decode_error', `cannot decode configuration: ${noObject(object)}`);
  const { errors, warnings, denial } = validate(object, { kind: kind.kind, namespace });
  if (denial !== undefined) return refused(failureReason(errors), denial);
  return { decision: { allowed: true, warnings: warnings.map(({ message }) => message) } };
}

/** Go's decoder stops at a depth of its own; ours at the end of the stack. */
function validate(object: JsonObject, requested: RequestedObject): Validation {
  try {
    return validateObject(object, requested);
  } catch (caught) {
    if (!(caught instanceof RangeError)) throw caught;
    const message = 'exceeded max depth';
    const problem: Problem = { code: 'wrong-type', severity: 'error', object: requested.kind, path: '', message };
    return { errors: [problem], warnings: [], denial: `cannot decode configuration: ${message}` };
  }
}

function refused(failure: FailureReason, message: string): ReviewOutcome {
  return { decision: { allowed: false, message }, failure };
}

/** In the words of Go's decoder. */
function noObject(value: JsonValue | undefined): string {
  if (value === undefined) return 'unexpected end of JSON input';
  const type = isJsonArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${type} into Go value of type crd.IstioKind`;
}

const reasons: Readonly<Record<string, FailureReason>> = {
  'wrong-type': 'yaml_decode_error',
  'unknown-kind': 'unknown_type',
  undecodable: 'crd_conversion_error',
};

function failureReason([first]: Validation['errors']): FailureReason {
  return reasons[first?.code ?? ''] ?? 'invalid_resource';
}
