import type { ConfigKind } from '../config/kind.ts';
import { type Finding, joinPath } from '../lib/finding.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { isJsonObject, objectAt } from '../lib/json.ts';
import type { Problem } from '../lib/problem.ts';
import { decodeMessage } from '../lib/proto-json.ts';
import { type ConfigObject, type Labels, objectName } from '../model/index.ts';
import { groupOf, type RawObject } from './kubernetes/objects.ts';

/** A kind of Istio's own configuration; `checkSpec`: what the webhook would refuse, which a file or a cluster without it may still hold. */
type DecodedKind<Spec> = Pick<ConfigKind<Spec>, 'group' | 'kind' | 'schema'> & Partial<Pick<ConfigKind<Spec>, 'checkSpec'>>;

/** All objects of the kind. One whose spec cannot be read or is wrong is left out with its problems; fields that Istio does not know are ignored. */
export function decodeConfigObjects<Spec>(
  objects: readonly RawObject[],
  configKind: DecodedKind<Spec>,
): { readonly value: readonly ConfigObject<Spec>[]; readonly problems: readonly Problem[] } {
  const { group, kind, schema } = configKind;
  const value: ConfigObject<Spec>[] = [];
  const problems: Problem[] = [];
  for (const object of objects) {
    if (object.kind !== kind || groupOf(object.apiVersion) !== group) continue;
    const spec = decodeMessage(object.content['spec'] ?? {}, schema, { unknownFields: 'ignore' });
    if (!spec.ok) {
      problems.push(unreadable(object, spec.error));
      continue;
    }
    const decoded = { ...envelope(object), spec: spec.value };
    const wrong = [...(configKind.checkSpec?.(spec.value, decoded) ?? [])].filter(({ severity }) => severity === 'error');
    if (wrong.length === 0) value.push(decoded);
    else problems.push(...wrong.map((finding) => untranslatable(decoded, finding)));
  }
  return { value, problems };
}

function envelope({ kind, apiVersion, name, namespace, content }: RawObject): Omit<ConfigObject<unknown>, 'spec'> {
  const metadata = objectAt(content, 'metadata');
  return {
    kind,
    apiVersion,
    name,
    namespace,
    created: timeText(metadata['creationTimestamp']),
    labels: texts(metadata['labels']),
    annotations: texts(metadata['annotations']),
  };
}

/** UTC and whole seconds, whatever the file's form; empty for what is no time. */
function timeText(value: JsonValue | undefined): string {
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(milliseconds) ? '' : `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function texts(value: JsonValue | undefined): Labels {
  const members: JsonObject = isJsonObject(value) ? value : {};
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function untranslatable(object: Omit<ConfigObject<unknown>, 'spec'>, { code, severity, path, message }: Finding): Problem {
  return { code, severity, object: objectName(object), path: joinPath('spec', path), message };
}

const listPlace = /\.(\d+)(?=\.|$)/g;

function unreadable({ kind, namespace, name }: RawObject, error: string): Problem {
  const colon = error.indexOf(': ');
  const path = colon === -1 ? '' : error.slice(0, colon);
  return {
    code: 'broken-config',
    severity: 'error',
    object: `${kind} ${namespace}/${name}`,
    path: path === '' ? 'spec' : `spec.${path.replaceAll(listPlace, '[$1]')}`,
    message: colon === -1 ? error : error.slice(colon + 2),
  };
}
