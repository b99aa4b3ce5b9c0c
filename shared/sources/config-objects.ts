import type { ConfigKind } from '../config/kind.ts';
import { type Finding, joinPath } from '../lib/finding.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { isJsonObject, objectAt } from '../lib/json.ts';
import { memoOf } from '../lib/memo.ts';
import type { MessageSchema } from '../lib/message.ts';
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
  const { group, kind, schema, checkSpec = noCheck } = configKind;
  const decode = decoder(schema)(checkSpec as CheckSpec);
  const all = objects.filter((object) => object.kind === kind && groupOf(object.apiVersion) === group).map(decode);
  return {
    value: all.flatMap(({ value }) => (value === undefined ? [] : [value as ConfigObject<Spec>])),
    problems: all.flatMap(({ problems }) => problems),
  };
}

type CheckSpec = ConfigKind<unknown>['checkSpec'];

const noCheck: CheckSpec = () => [];

interface Decoded {
  /** Absent if there are problems. */
  readonly value?: ConfigObject<unknown>;
  readonly problems: readonly Problem[];
}

/** Decodes each object once, also from one compile to the next: most of them have not changed. */
const decoder = memoOf((schema: MessageSchema<unknown>) =>
  memoOf((checkSpec: CheckSpec) => memoOf((object: RawObject) => decodeObject(object, schema, checkSpec))),
);

function decodeObject(object: RawObject, schema: MessageSchema<unknown>, checkSpec: CheckSpec): Decoded {
  const spec = decodeMessage(object.content['spec'] ?? {}, schema, { unknownFields: 'ignore' });
  if (!spec.ok) return { problems: [unreadable(object, spec.error)] };
  const value = { ...envelope(object), spec: spec.value };
  const wrong = [...checkSpec(spec.value, value)].filter(({ severity }) => severity === 'error');
  return wrong.length === 0 ? { value, problems: [] } : { problems: wrong.map((finding) => untranslatable(value, finding)) };
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
