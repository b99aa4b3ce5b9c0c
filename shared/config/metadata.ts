/** Metadata of an object, and the annotations that no object of a user may have. */

import { error, type Finding, type Findings } from '../lib/finding.ts';
import { goTypeError } from '../lib/go-decode-error.ts';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import { ownMember } from '../lib/own-member.ts';
import type { ConfigKind, ObjectMeta } from './kind.ts';

/** The metadata that rules read, or the member that has the wrong type. */
export function readMeta(object: JsonObject): { readonly value: ObjectMeta } | { readonly wrong: Finding } {
  const metadata = ownMember(object, 'metadata') ?? {};
  if (!isJsonObject(metadata)) return { wrong: wrongType('metadata', metadata, 'v1.ObjectMeta') };
  const wrong =
    wrongText(metadata, 'name') ??
    wrongText(metadata, 'namespace') ??
    wrongTexts(metadata, 'labels') ??
    wrongTexts(metadata, 'annotations');
  if (wrong !== undefined) return { wrong };
  const value = {
    name: textAt(metadata, 'name'),
    namespace: textAt(metadata, 'namespace'),
    labels: textsAt(metadata, 'labels'),
    annotations: textsAt(metadata, 'annotations'),
  };
  return { value };
}

function wrongType(path: string, value: unknown, goType: string): Finding {
  return error('wrong-type', path, goTypeError(value, goType));
}

function wrongText(metadata: JsonObject, field: string): Finding | undefined {
  const value = ownMember(metadata, field) ?? '';
  return typeof value === 'string' ? undefined : wrongType(`metadata.${field}`, value, 'string');
}

function wrongTexts(metadata: JsonObject, field: string): Finding | undefined {
  const value = ownMember(metadata, field) ?? {};
  if (!isJsonObject(value)) return wrongType(`metadata.${field}`, value, 'map[string]string');
  const wrong = Object.entries(value).find(([, member]) => typeof member !== 'string' && member !== null);
  return wrong && wrongType(`metadata.${field}[${wrong[0]}]`, wrong[1], 'string');
}

function textAt(metadata: JsonObject, field: string): string {
  const value = ownMember(metadata, field);
  return typeof value === 'string' ? value : '';
}

function textsAt(metadata: JsonObject, field: string): Readonly<Record<string, string>> {
  const value = ownMember(metadata, field);
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, typeof member === 'string' ? member : '']));
}

/** The annotation by which a policy is tried without effect. */
const dryRunAnnotation = 'istio.io/dry-run';
const alwaysReject = 'internal.istio.io/webhook-always-reject';
/** Istiod gives them to objects that it makes from others. */
const internalAnnotations = ['internal.istio.io/parent-namespace', 'internal.istio.io/parents'];

/** Rules of annotations for every kind. Where one is broken, the spec is not looked at. */
export function* checkAnnotations<Spec>(kind: ConfigKind<Spec>, spec: Spec, meta: ObjectMeta): Findings {
  if (Object.hasOwn(meta.annotations, dryRunAnnotation)) yield* kind.checkDryRun?.(spec, meta) ?? unsupportedDryRun(meta);
  if (Object.hasOwn(meta.annotations, alwaysReject)) {
    yield annotationError('always-reject', alwaysReject, `"${alwaysReject}" annotation found, rejecting`);
  }
  for (const key of internalAnnotations) {
    if (!Object.hasOwn(meta.annotations, key)) continue;
    yield annotationError('internal-annotation', key, `"${key}" annotation found, this may not be set by users`);
  }
}

function* unsupportedDryRun({ namespace, name }: ObjectMeta): Findings {
  const message = `${namespace}/${name} has unsupported annotation ${dryRunAnnotation}, please remove the annotation`;
  yield annotationError('dry-run-unsupported', dryRunAnnotation, message);
}

function annotationError(code: string, annotation: string, message: string): Finding {
  return error(code, `metadata.annotations[${annotation}]`, message);
}
