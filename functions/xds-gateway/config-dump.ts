/**
 * `/debug/config_dump`: what a proxy was sent, in the form of Envoy's admin interface. The only place where the gateway decodes resources, for people who look;
 * the message types are loaded when the first of them does.
 */

import { fromBinary, type JsonValue, toJson } from '@bufbuild/protobuf';
import { contentHash } from '../../shared/lib/hash.ts';
import { isJsonObject } from '../../shared/lib/json.ts';
import type { Session } from './session.ts';
import { clusterType, endpointType, extensionType, listenerType, routeType, secretType } from './stream/types.ts';

const admin = 'type.googleapis.com/envoy.admin.v3.';
/** What Istio's tools expect in the place of a key: base64 of `[redacted]`. */
const redacted = Buffer.from('[redacted]').toString('base64');
const secretMembers: ReadonlySet<string> = new Set(['privateKey', 'password', 'genericSecret', 'sessionTicketKeys']);

export interface DumpOptions {
  readonly hasEndpoints: boolean;
}

/** Body of the answer, members in Envoy's order. */
export async function configDump({ state }: Session, { hasEndpoints }: DumpOptions): Promise<object> {
  const { registry } = await import('../../shared/gen/registry.ts');
  const decoded = (typeUrl: string): readonly Dumped[] => {
    const known = [...(state.types.get(typeUrl)?.known ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    const schema = registry.getMessage(typeUrl.slice(typeUrl.lastIndexOf('/') + 1));
    if (schema === undefined) return [];
    const decode = (bytes: Uint8Array): JsonValue => toJson(schema, fromBinary(schema, bytes), { registry });
    return known.flatMap(([name, { bytes }]) =>
      bytes === undefined ? [] : [{ name, version: contentHash(bytes), json: typed(typeUrl, decode(bytes)) }],
    );
  };
  const dump = (type: string, members: Readonly<Record<string, readonly object[]>>): object => ({
    '@type': `${admin}${type}`,
    ...Object.fromEntries(Object.entries(members).filter(([, items]) => items.length > 0)),
  });
  const endpoints = decoded(endpointType).map(({ version, json }) => ({ versionInfo: version, endpointConfig: json }));
  return {
    configs: [
      dump('BootstrapConfigDump', {}),
      dump('ClustersConfigDump', {
        dynamicActiveClusters: decoded(clusterType).map(({ version, json }) => ({ versionInfo: version, cluster: json })),
      }),
      ...(hasEndpoints ? [dump('EndpointsConfigDump', { dynamicEndpointConfigs: endpoints })] : []),
      dump('ListenersConfigDump', {
        dynamicListeners: decoded(listenerType).map(({ name, version, json }) => ({
          name,
          activeState: { versionInfo: version, listener: json },
        })),
      }),
      dump('ScopedRoutesConfigDump', {}),
      dump('RoutesConfigDump', {
        dynamicRouteConfigs: decoded(routeType).map(({ version, json }) => ({ versionInfo: version, routeConfig: json })),
      }),
      dump('SecretsConfigDump', {
        dynamicActiveSecrets: decoded(secretType).map(({ name, version, json }) => ({
          name,
          versionInfo: version,
          secret: withoutSecrets(json),
        })),
      }),
      dump('EcdsConfigDump', {
        ecdsFilters: decoded(extensionType).map(({ version, json }) => ({ versionInfo: version, ecdsFilter: json })),
      }),
    ],
  };
}

interface Dumped {
  readonly name: string;
  readonly version: string;
  readonly json: object;
}

function typed(typeUrl: string, json: JsonValue): object {
  return isJsonObject(json) ? { '@type': typeUrl, ...json } : { '@type': typeUrl };
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, secretMembers.has(key) ? { inlineBytes: redacted } : withoutSecrets(member)]),
  );
}
