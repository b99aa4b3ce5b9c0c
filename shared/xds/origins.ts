import type { DescMessage, Message } from '@bufbuild/protobuf';
import { isJsonObject, type JsonValue } from '../lib/json.ts';
import type { Scope, Service } from '../model/index.ts';

/**
 * The objects that a message was made from, as its own metadata names them: rules by their path (`config`), services by host. Whatever a user
 * can break is named there, because Istio's tools want it too.
 */
export function originsOf(schema: DescMessage, message: Message, scope: Pick<Scope, 'serviceOf'>): readonly ObjectRef[] {
  const found = new Map<string, ObjectRef>();
  const add = (origin: ObjectRef | undefined): void => {
    if (origin !== undefined) found.set(refText(origin), origin);
  };
  visitMetadata(schema, message, (istio) => {
    add(originOfPath(istio['config']));
    for (const service of listOf(istio['services'])) add(originOfService(service, scope));
  });
  return [...found.values()].sort((a, b) => (refText(a) < refText(b) ? -1 : 1));
}

/** An object of a user or of the registry. */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

function refText({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace}/${name}`;
}

type Members = Readonly<Record<string, JsonValue | undefined>>;

const metadataType = 'envoy.config.core.v3.Metadata';

/** Calls back with the `istio` part of every metadata of the message, at any depth. Packed messages are not opened. */
function visitMetadata(schema: DescMessage, message: Message, found: (istio: Members) => void): void {
  if (schema.typeName === metadataType) {
    const { filterMetadata } = message as unknown as { readonly filterMetadata: Readonly<Record<string, JsonValue>> };
    const istio = filterMetadata['istio'];
    if (isJsonObject(istio)) found(istio);
    return;
  }
  const members = message as unknown as Readonly<Record<string, unknown>>;
  for (const { field, message: type } of waysToMetadata(schema)) {
    for (const child of children(members, field)) visitMetadata(type, child, found);
  }
}

type Field = DescMessage['fields'][number];

interface Way {
  readonly field: Field;
  readonly message: DescMessage;
}

const ways = new WeakMap<DescMessage, readonly Way[]>();

/** The fields of a type below which there can be metadata. Most types have few or none, and are built by the thousand. */
function waysToMetadata(schema: DescMessage): readonly Way[] {
  const known = ways.get(schema) ?? messageFields(schema).filter(({ message }) => holdsMetadata(message));
  ways.set(schema, known);
  return known;
}

function messageFields({ fields }: DescMessage): readonly Way[] {
  return fields.flatMap((field) => {
    const { message } = field;
    return message === undefined || message.typeName.startsWith('google.protobuf.') ? [] : [{ field, message }];
  });
}

function holdsMetadata(schema: DescMessage): boolean {
  const reached = new Set([schema]);
  for (const type of reached) for (const { message } of messageFields(type)) reached.add(message);
  return [...reached].some(({ typeName }) => typeName === metadataType);
}

function children(members: Readonly<Record<string, unknown>>, field: Field): readonly Message[] {
  const value = field.oneof === undefined ? members[field.localName] : chosen(members[field.oneof.localName], field.localName);
  if (value === undefined || value === null) return [];
  if (field.fieldKind === 'list') return value as readonly Message[];
  return field.fieldKind === 'map' ? Object.values(value as Readonly<Record<string, Message>>) : [value as Message];
}

function chosen(oneof: unknown, name: string): unknown {
  const { case: which, value } = oneof as { readonly case?: string; readonly value?: unknown };
  return which === name ? value : undefined;
}

const configPathForm = /^\/apis\/[^/]+\/[^/]+\/namespaces\/([^/]+)\/([^/]+)\/(.+)$/;

function originOfPath(path: JsonValue | undefined): ObjectRef | undefined {
  const match = typeof path === 'string' ? configPathForm.exec(path) : null;
  if (match === null) return undefined;
  const [, namespace = '', kind = '', name = ''] = match;
  return { kind: kindName(kind), namespace, name };
}

/** `virtual-service` is `VirtualService`. */
function kindName(words: string): string {
  return words
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function originOfService(value: JsonValue, scope: Pick<Scope, 'serviceOf'>): ObjectRef | undefined {
  const { host, name, namespace } = isJsonObject(value) ? value : {};
  if (typeof host !== 'string' || typeof name !== 'string' || typeof namespace !== 'string') return undefined;
  const service = scope.serviceOf(host);
  return service === undefined ? { kind: 'Service', namespace, name } : { ...serviceObject(service), namespace };
}

/** The object that a service was made from. */
export function serviceObject({ registry, namespace, name, objectName = name }: Service): ObjectRef {
  return { kind: registry === 'External' ? 'ServiceEntry' : 'Service', namespace, name: objectName };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
