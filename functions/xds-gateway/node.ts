import { isIP } from 'node:net';
import { isJsonObject, type JsonObject } from '../../shared/lib/json.ts';
import type { WorkloadClass } from '../../shared/snapshot/chunk.ts';
import { type ClassKey, classKeyOf } from '../../shared/snapshot/projection.ts';
import type { ServingSnapshot } from '../../shared/snapshot/snapshot.ts';

/** Why a stream is refused; the codes are gRPC's. */
export interface Refusal {
  readonly code: 'invalid-argument' | 'permission-denied' | 'unauthenticated' | 'unimplemented';
  readonly message: string;
}

/** What status pages tell of a node. */
export interface NodeIdentity {
  /** `POD.NAMESPACE`. */
  readonly proxy: string;
  readonly proxyType: string;
  readonly namespace: string;
  readonly clusterId: string;
  readonly version: string;
}

const types = ['sidecar', 'router', 'waypoint', 'ztunnel'];
const ambientTypes: ReadonlySet<string> = new Set(['waypoint', 'ztunnel']);
const idParts = 4;

/**
 * Why a node cannot be served, in the words that users of Istio know; undefined if it can. Its id is `TYPE~IP~POD.NAMESPACE~DOMAIN`.
 * Ambient mode is out of scope.
 */
export function refusalOf(node: JsonObject | undefined): Refusal | undefined {
  const id = textAt(node, 'id');
  if (id === '') return { code: 'invalid-argument', message: 'missing node information' };
  const parts = id.split('~');
  const [type = '', address = ''] = parts;
  if (parts.length !== idParts) return { code: 'invalid-argument', message: `missing parts in the service node ${JSON.stringify(id)}` };
  if (!types.includes(type)) {
    return {
      code: 'invalid-argument',
      message: `invalid node type (valid types: [${types.join(' ')}]) in the service node ${JSON.stringify(id)}`,
    };
  }
  if (ambientTypes.has(type))
    return { code: 'unimplemented', message: `ambient mode is not supported: this control plane serves no ${type}` };
  const addresses = [address, ...textAt(metadataOf(node), 'INSTANCE_IPS').split(',')];
  if (!addresses.some((item) => isIP(item) !== 0)) {
    return { code: 'invalid-argument', message: 'no valid IP address in the service node id or metadata' };
  }
  return undefined;
}

export function identityOf(node: JsonObject): NodeIdentity {
  const [proxyType = '', , proxy = ''] = textAt(node, 'id').split('~');
  const metadata = metadataOf(node);
  return {
    proxy,
    proxyType,
    namespace: textAt(metadata, 'NAMESPACE') || proxy.slice(proxy.lastIndexOf('.') + 1),
    clusterId: textAt(metadata, 'CLUSTER_ID'),
    version: textAt(metadata, 'ISTIO_VERSION'),
  };
}

/** The class of a node in a snapshot. Without a class the snapshot was compiled before anything like this node was known. */
export function classOf(snapshot: ServingSnapshot, node: JsonObject): { readonly key: ClassKey; readonly value?: WorkloadClass } {
  const key = classKeyOf(snapshot.projection, node);
  const value = snapshot.classes.get(key);
  return value === undefined ? { key } : { key, value };
}

function metadataOf(node: JsonObject | undefined): JsonObject {
  const metadata = node?.['metadata'];
  return isJsonObject(metadata) ? metadata : {};
}

function textAt(object: JsonObject | undefined, key: string): string {
  const value = object?.[key];
  return typeof value === 'string' ? value : '';
}
