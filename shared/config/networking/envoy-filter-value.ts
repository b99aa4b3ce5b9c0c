import { error, type Findings, warning } from '../../lib/finding.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../lib/json.ts';
import type { MessageSchema } from '../../lib/message.ts';
import { ownMember } from '../../lib/own-member.ts';
import { isDefault, readProtoMessage } from '../../lib/proto-json.ts';
import { envoyTypes, isContributed } from './envoy-types.ts';

/** What is patched, as Envoy's messages. */
const types: Readonly<Record<string, string>> = {
  LISTENER: 'envoy.config.listener.v3.Listener',
  FILTER_CHAIN: 'envoy.config.listener.v3.FilterChain',
  NETWORK_FILTER: 'envoy.config.listener.v3.Filter',
  HTTP_FILTER: 'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter',
  ROUTE_CONFIGURATION: 'envoy.config.route.v3.RouteConfiguration',
  VIRTUAL_HOST: 'envoy.config.route.v3.VirtualHost',
  HTTP_ROUTE: 'envoy.config.route.v3.Route',
  CLUSTER: 'envoy.config.cluster.v3.Cluster',
  EXTENSION_CONFIG: 'envoy.config.core.v3.TypedExtensionConfig',
  BOOTSTRAP: 'envoy.config.bootstrap.v3.Bootstrap',
  LISTENER_FILTER: 'envoy.config.listener.v3.ListenerFilter',
};

/** Whether the value is one of Envoy's messages of the type that is patched. Paths from the value. */
export function* checkPatchValue(applyTo: string, value: JsonObject): Findings {
  const schema = envoyTypes().find(types[applyTo] ?? '');
  if (schema === undefined) return;
  const read = readProtoMessage(value, schema);
  if (!read.ok) {
    yield error('patch-value', read.path, withTypeHint(`Envoy filter: ${read.goMessage}`));
    return;
  }
  // A field that our copy of Envoy's API lacks may be newer than it.
  const strict = readProtoMessage(value, schema, { unknownFields: 'refuse' });
  if (!strict.ok) yield warning('patch-value-unknown-field', strict.path, `Envoy filter: ${strict.message}`);
  else yield* checkTypedConfigs(strict.value, schema);
  for (const type of new Set(uncheckedTypes(value))) {
    yield warning(
      'patch-value-unchecked',
      '',
      `pilotless: ${type} is not among Envoy's own types, its fields are not checked`.slice(0, 200),
    );
  }
}

function withTypeHint(message: string): string {
  if (!message.includes('could not resolve Any message type')) return message;
  return `referenced type unknown${message.includes('.v2.') ? ' (hint: try using the v3 XDS API)' : ''}: ${message}`;
}

type Members = Readonly<Record<string, unknown>>;

function* checkTypedConfigs(value: unknown, schema: MessageSchema): Findings {
  const names = [...withoutTypedConfig(value as Members, schema)];
  if (names.length === 0) return;
  yield warning('patch-value-typed-config', '', `using deprecated types by name without typed_config; ${names.join(', ')}`);
}

/**
 * The names of extensions that leave it to Envoy to find their type by name, which it no longer does.
 * Istio compatibility: lists and maps are not looked into.
 */
function* withoutTypedConfig(value: Members, schema: MessageSchema): Generator<string> {
  for (const [json, { schema: below }] of schema.fields) {
    const member = ownMember(value, json);
    if (below.kind === 'message' && member !== undefined) yield* withoutTypedConfig(member as Members, below);
  }
  const isSet = (json: string): boolean => {
    const field = schema.fields.get(json);
    return field !== undefined && !isDefault(ownMember(value, json), field.schema);
  };
  if (schema.fields.has('typedConfig') && !isSet('typedConfig') && !isSet('configDiscovery')) yield String(ownMember(value, 'name') ?? '');
}

function* uncheckedTypes(value: JsonValue): Generator<string> {
  if (isJsonArray(value)) for (const item of value) yield* uncheckedTypes(item);
  if (!isJsonObject(value)) return;
  const url = value['@type'];
  const type = typeof url === 'string' ? url.slice(url.lastIndexOf('/') + 1) : '';
  if (isContributed(type) && envoyTypes().find(type) === undefined) yield type;
  for (const member of Object.values(value)) if (member !== undefined) yield* uncheckedTypes(member);
}
