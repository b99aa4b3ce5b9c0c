import type { JsonObject, JsonValue } from '../lib/json.ts';
import { isJsonObject, objectAt } from '../lib/json.ts';
import type { MessageSchema } from '../lib/message.ts';
import type { Problem } from '../lib/problem.ts';
import { decodeMessage } from '../lib/proto-json.ts';
import type { ConfigObject, Labels } from '../model/index.ts';
import { groupOf, type RawObject } from './kubernetes/objects.ts';

/** A kind of Istio's own configuration. */
export interface ConfigKind<Spec> {
  readonly group: string;
  readonly kind: string;
  readonly schema: MessageSchema<Spec>;
}

/** All objects of the kind. One whose spec cannot be read is left out with a problem; fields that Istio does not know are ignored. */
export function decodeConfigObjects<Spec>(
  objects: readonly RawObject[],
  { group, kind, schema }: ConfigKind<Spec>,
): { readonly value: readonly ConfigObject<Spec>[]; readonly problems: readonly Problem[] } {
  const value: ConfigObject<Spec>[] = [];
  const problems: Problem[] = [];
  for (const object of objects) {
    if (object.kind !== kind || groupOf(object.apiVersion) !== group) continue;
    const spec = decodeMessage(object.content['spec'] ?? {}, schema, { unknownFields: 'ignore' });
    if (spec.ok) value.push({ ...envelope(object), spec: spec.value });
    else problems.push(unreadable(object, spec.error));
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
