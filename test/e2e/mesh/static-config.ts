import type { Dump } from '../../../cli/compile/dump.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../shared/lib/json.ts';

/**
 * Everything that a proxy gets as one static configuration, which is what `envoy --mode validate` looks into: endpoints in their clusters and routes in
 * their listeners instead of references.
 */
export function staticConfig(dump: Dump): JsonObject {
  const routes = byName(dump.get('routes'), 'name');
  const assignments = byName(dump.get('endpoints'), 'clusterName');
  return {
    node: { id: 'validated', cluster: 'validated' },
    static_resources: {
      listeners: (dump.get('listeners') ?? []).map((listener) => inlined(listener, routes)),
      clusters: [...(dump.get('clusters') ?? []).map((cluster) => withEndpoints(cluster, assignments)), sdsCluster],
    },
  };
}

const options = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const sdsCluster: JsonObject = {
  name: 'sds-grpc',
  type: 'STATIC',
  connect_timeout: '1s',
  typed_extension_protocol_options: {
    [options]: { '@type': `type.googleapis.com/${options}`, explicit_http_config: { http2_protocol_options: {} } },
  },
  load_assignment: { cluster_name: 'sds-grpc', endpoints: [] },
};

function byName(values: readonly JsonValue[] = [], key: string): ReadonlyMap<string, JsonObject> {
  return new Map(values.filter(isJsonObject).map((value) => [String(value[key]), value]));
}

/** A reference that leads nowhere stays, and is an error there. */
function inlined(value: JsonValue, routes: ReadonlyMap<string, JsonObject>): JsonValue {
  if (isJsonArray(value)) return value.map((item) => inlined(item, routes));
  if (!isJsonObject(value)) return value;
  const { rds, ...rest } = value;
  const route = isJsonObject(rds) ? routes.get(String(rds['routeConfigName'])) : undefined;
  const members = Object.entries(route === undefined ? value : rest);
  const walked = Object.fromEntries(members.map(([key, member]) => [key, member === undefined ? null : inlined(member, routes)]));
  return route === undefined ? walked : { ...walked, routeConfig: route };
}

function withEndpoints(cluster: JsonValue, assignments: ReadonlyMap<string, JsonObject>): JsonValue {
  if (!isJsonObject(cluster) || cluster['type'] !== 'EDS') return cluster;
  const { edsClusterConfig, ...rest } = cluster;
  const name = isJsonObject(edsClusterConfig) ? String(edsClusterConfig['serviceName'] ?? cluster['name']) : '';
  const endpoints = assignments.get(name)?.['endpoints'] ?? [];
  return { ...rest, type: 'STATIC', loadAssignment: { clusterName: name, endpoints } };
}
