/** Everything that is wrong with one object, as Istio's validating webhook says it. */

import { errorListText } from '../lib/error-list.ts';
import { at, error, type Finding, type Findings, hasErrors } from '../lib/finding.ts';
import { goTypeError } from '../lib/go-decode-error.ts';
import type { JsonObject } from '../lib/json.ts';
import { ownMember } from '../lib/own-member.ts';
import type { Problem } from '../lib/problem.ts';
import { readProtoMessage } from '../lib/proto-json.ts';
import type { ConfigKind, ObjectMeta } from './kind.ts';
import { findKind, isUncheckedKind } from './kinds.ts';
import { checkAnnotations, readMeta } from './metadata.ts';

export interface Validation {
  readonly errors: readonly Problem[];
  /** As they were found; an API server shows them in this order. Empty for an object with errors: Istio does not warn of what it refuses. */
  readonly warnings: readonly Problem[];
  /** All errors in one text, as the webhook answers; absent if the object may be stored. */
  readonly denial?: string;
}

/** How the API server calls the object in its request, which one message repeats. @default as the object calls itself */
export interface RequestedObject {
  readonly kind: string;
  readonly namespace: string;
}

/**
 * Checks one object of any kind. The stages of the webhook follow each other: reading the object, finding its kind, decoding its spec, the rules,
 * unknown fields beside the spec. The first one that finds an error ends the check.
 */
export function validateObject(object: JsonObject, requested?: RequestedObject): Validation {
  const kind = textAt(object, 'kind');
  const apiVersion = textAt(object, 'apiVersion');
  const read = readMeta(object);
  const name = 'value' in read ? `${kind} ${read.value.namespace}/${read.value.name}` : kind;
  const wrong = wrongTypeMeta(object) ?? ('wrong' in read ? read.wrong : undefined);
  if (wrong !== undefined || !('value' in read)) return denied(name, 'cannot decode configuration: ', wrong === undefined ? [] : [wrong]);
  const { group, version } = groupVersion(apiVersion);
  const known = findKind(group, kind);
  if (known !== undefined) return { ...validateKnown(known, { object, meta: read.value, name, requested }) };
  if (isUncheckedKind(group, kind)) return accepted(name, []);
  return denied(name, '', [error('unknown-kind', 'kind', `unrecognized type ${group}/${version}, Kind=${kind}`)]);
}

interface Checked {
  readonly object: JsonObject;
  readonly meta: ObjectMeta;
  /** As problems call it. */
  readonly name: string;
  readonly requested: RequestedObject | undefined;
}

function validateKnown(kind: ConfigKind, { object, meta, name, requested }: Checked): Validation {
  const spec = readProtoMessage(ownMember(object, 'spec') ?? {}, kind.schema);
  if (!spec.ok) return denied(name, 'error decoding configuration: ', [...at('spec', [error('undecodable', spec.path, spec.goMessage)])]);
  const findings = asManyAsFit(check(kind, spec.value, meta));
  if (hasErrors(findings)) return denied(name, 'configuration is invalid: ', findings);
  const unknown = unknownMember(object);
  if (unknown === undefined) return accepted(name, findings);
  const place = `${requested?.kind ?? kind.kind} resource ${requested?.namespace ?? meta.namespace}/${meta.name}`;
  return denied(name, '', [error('unknown-field', unknown, `unknown field ${JSON.stringify(unknown)} on ${place}`)]);
}

function* check(kind: ConfigKind, spec: unknown, meta: ObjectMeta): Findings {
  // Only the first broken rule of annotations is told.
  for (const finding of checkAnnotations(kind, spec, meta)) {
    yield finding;
    return;
  }
  if (kind.checkMeta) yield* kind.checkMeta(meta);
  yield* at('spec', kind.checkSpec(spec, meta));
}

/** Nobody reads more in one answer, and objects that are made to be slow end here. */
const mostFindings = 1_000;
const mostCharacters = 256 * 1024;

/** Beyond the limits only the first error is looked for, because it decides. */
function asManyAsFit(findings: Findings): readonly Finding[] {
  const taken: Finding[] = [];
  let [characters, errors] = [0, 0];
  for (const finding of findings) {
    const isFull = taken.length >= mostFindings || characters > mostCharacters;
    if (isFull && errors > 0) break;
    if (isFull && finding.severity === 'warning') continue;
    taken.push(finding);
    characters += finding.message.length;
    if (finding.severity === 'error') errors += 1;
  }
  return taken;
}

function accepted(object: string, findings: readonly Finding[]): Validation {
  return { errors: [], warnings: findings.map((finding) => problem(object, finding)) };
}

function denied(object: string, prefix: string, findings: readonly Finding[]): Validation {
  const errors = findings.filter(({ severity }) => severity === 'error');
  return { errors: errors.map((finding) => problem(object, finding)), warnings: [], denial: prefix + denialText(errors) };
}

function denialText(errors: readonly Finding[]): string {
  const [first, ...others] = errors;
  const isAlone = first !== undefined && others.length === 0 && first.isCounted !== true;
  return isAlone ? first.message : errorListText(errors.map(({ message }) => message));
}

function problem(object: string, { code, severity, path, message }: Finding): Problem {
  return { code, severity, object, path, message };
}

function textAt(object: JsonObject, key: string): string {
  const value = ownMember(object, key);
  return typeof value === 'string' ? value : '';
}

function wrongTypeMeta(object: JsonObject): Finding | undefined {
  const wrong = ['kind', 'apiVersion'].find((key) => typeof (ownMember(object, key) ?? '') !== 'string');
  return wrong === undefined ? undefined : error('wrong-type', wrong, goTypeError(ownMember(object, wrong), 'string'));
}

function groupVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

const knownMembers = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

function unknownMember(object: JsonObject): string | undefined {
  return Object.keys(object).find((key) => !knownMembers.has(key));
}
