import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, objectAt } from '../lib/json.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { escapeHtmlInJson } from './go-json.ts';
import { parseKubeYaml } from './yaml.ts';

/** AdmissionReview in both versions. @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/ */

export type ReviewVersion = 'admission.k8s.io/v1' | 'admission.k8s.io/v1beta1';

const reviewVersions: readonly JsonValue[] = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'] satisfies readonly ReviewVersion[];

/** The request of a review; what is absent is an empty text, false or undefined. */
export interface AdmissionRequest {
  readonly version: ReviewVersion;
  readonly uid: string;
  /** Empty where the name is still to be generated. */
  readonly name: string;
  readonly namespace: string;
  readonly operation: string;
  readonly dryRun: boolean;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  /** Not decoded; undefined if absent or null. */
  readonly object: JsonValue | undefined;
  /** As it was before an UPDATE or a DELETE; not decoded. */
  readonly oldObject: JsonValue | undefined;
}

/** The part of a response that a handler decides. */
export interface AdmissionDecision {
  readonly allowed: boolean;
  /** Shown at the user's prompt when refused. */
  readonly message?: string;
  readonly warnings?: readonly string[];
  /** RFC 6902 operations. */
  readonly patch?: readonly unknown[];
}

/** A review that cannot be answered by its uid has only the message; the version is known if the review itself could be read. */
export interface UnreadableReview {
  readonly message: string;
  readonly version?: ReviewVersion;
}

export type ReadReview =
  | { readonly ok: true; readonly value: AdmissionRequest }
  | { readonly ok: false; readonly unreadable: UnreadableReview };

/** Reads a body: JSON, or YAML as Kubernetes' own decoder takes it too. */
export function readReview(body: Buffer): ReadReview {
  const text = body.toString();
  const parsed = parseBody(text);
  if (!parsed.ok) return unreadable(`couldn't get version/kind; json parse error: ${parsed.error}`);
  const review = parsed.value;
  if (isJsonArray(review) || (typeof review !== 'object' && review !== null)) {
    const found = isJsonArray(review) ? 'array' : typeof review;
    return unreadable(`couldn't get version/kind; json parse error: cannot unmarshal ${found} into an object with apiVersion and kind`);
  }
  const object = review ?? {};
  const version = object['apiVersion'];
  const kind = object['kind'];
  if (!kind) return unreadable(`Object 'Kind' is missing in '${shortened(text)}'`);
  if (kind !== 'AdmissionReview' || !reviewVersions.includes(version ?? '')) return unreadable(notAReview(kind, version));
  const request = object['request'];
  if (!isJsonObject(request)) {
    return { ok: false, unreadable: { message: 'the AdmissionReview has no request', version: version as ReviewVersion } };
  }
  return { ok: true, value: readRequest(request, version as ReviewVersion) };
}

function unreadable(message: string): { readonly ok: false; readonly unreadable: UnreadableReview } {
  return { ok: false, unreadable: { message } };
}

const jsonObjectStart = /^\s*\{/;

function parseBody(text: string): Result<JsonValue> {
  try {
    return ok(JSON.parse(text));
  } catch (caught) {
    if (jsonObjectStart.test(text)) return fail(caught instanceof Error ? caught.message : String(caught));
    const parsed = parseKubeYaml(text);
    return parsed.ok ? ok((parsed.value ?? null) as JsonValue) : fail(parsed.error);
  }
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

/** Kinds of core/v1 that Kubernetes' decoder knows: they are read, but no review. */
const coreKinds: ReadonlySet<unknown> = new Set(
  (
    'Binding ComponentStatus ConfigMap Endpoints Event LimitRange List Namespace Node PersistentVolume PersistentVolumeClaim Pod ' +
    'PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount'
  ).split(' '),
);

function notAReview(kind: JsonValue, version: JsonValue | undefined): string {
  if (!version) return `Object 'apiVersion' is missing in an object of kind "${kind}"`;
  if (version === 'v1' && coreKinds.has(kind)) return `unsupported type :&TypeMeta{Kind:${kind},APIVersion:${version},}`;
  return `no kind "${kind}" is registered for version "${version}"; send an AdmissionReview of ${reviewVersions.join(' or ')}`;
}

function readRequest(request: JsonObject, version: ReviewVersion): AdmissionRequest {
  const resource = objectAt(request, 'resource');
  const kind = objectAt(request, 'kind');
  return {
    version,
    uid: textMember(request, 'uid'),
    name: textMember(request, 'name'),
    namespace: textMember(request, 'namespace'),
    operation: textMember(request, 'operation'),
    dryRun: request['dryRun'] === true,
    kind: { group: textMember(kind, 'group'), version: textMember(kind, 'version'), kind: textMember(kind, 'kind') },
    resource: {
      group: textMember(resource, 'group'),
      version: textMember(resource, 'version'),
      resource: textMember(resource, 'resource'),
    },
    object: request['object'] ?? undefined,
    oldObject: request['oldObject'] ?? undefined,
  };
}

function textMember(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

/** The JSON of an answer to a request. Members in Kubernetes' order; `status` only carries the message, as istiod's does. */
export function reviewAnswer(request: Pick<AdmissionRequest, 'version' | 'uid'>, decision: AdmissionDecision): string {
  const { allowed, message, warnings, patch } = decision;
  const response = [`"uid":${escapedJson(request.uid)}`, `"allowed":${allowed}`];
  if (message !== undefined) response.push(`"status":${escapedJson({ metadata: {}, message })}`);
  // Pasted, not printed: base64 has nothing to escape, and it is most of the answer.
  if (patch && patch.length > 0)
    response.push(`"patch":"${Buffer.from(escapedJson(patch)).toString('base64')}"`, '"patchType":"JSONPatch"');
  if (warnings && warnings.length > 0) response.push(`"warnings":${escapedJson(warnings)}`);
  return `{"kind":"AdmissionReview","apiVersion":"${request.version}","response":{${response.join(',')}}}`;
}

/** The answer to a body that is no review: without a version there is nothing to copy the type from. */
export function unreadableAnswer({ message, version }: UnreadableReview): string {
  if (version) return reviewAnswer({ version, uid: '' }, { allowed: false, message });
  return escapedJson({ response: { uid: '', allowed: false, status: { metadata: {}, message } } });
}

function escapedJson(value: unknown): string {
  return escapeHtmlInJson(JSON.stringify(value));
}
