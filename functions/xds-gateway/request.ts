import { fromBinary, toJson } from '@bufbuild/protobuf';
import { type Node, NodeSchema } from '../../shared/gen/envoy/config/core/v3/base_pb.js';
import { DeltaDiscoveryRequestSchema, DiscoveryRequestSchema } from '../../shared/gen/envoy/service/discovery/v3/discovery_pb.js';
import { isJsonObject, type JsonObject } from '../../shared/lib/json.ts';
import { fail, ok, type Result } from '../../shared/lib/result.ts';
import type { Request } from './stream/request.ts';
import type { Protocol } from './stream/state.ts';

export interface DecodedRequest {
  readonly request: Request;
  /** As protobuf JSON. Envoy tells it in the first request of a stream only. */
  readonly node?: JsonObject;
}

/** Reads a DiscoveryRequest or DeltaDiscoveryRequest. */
export function decodeRequest(protocol: Protocol, bytes: Uint8Array): Result<DecodedRequest> {
  try {
    return ok(protocol === 'sotw' ? decodeSotw(bytes) : decodeDelta(bytes));
  } catch (caught) {
    return fail(`request cannot be read: ${caught instanceof Error ? caught.message : String(caught)}`);
  }
}

function decodeSotw(bytes: Uint8Array): DecodedRequest {
  const { typeUrl, resourceNames: names, responseNonce: nonce, errorDetail, node } = fromBinary(DiscoveryRequestSchema, bytes);
  return { request: { protocol: 'sotw', typeUrl, names, nonce, ...errorOf(errorDetail) }, ...nodeOf(node) };
}

function decodeDelta(bytes: Uint8Array): DecodedRequest {
  const message = fromBinary(DeltaDiscoveryRequestSchema, bytes);
  const request: Request = {
    protocol: 'delta',
    typeUrl: message.typeUrl,
    subscribe: message.resourceNamesSubscribe,
    unsubscribe: message.resourceNamesUnsubscribe,
    initialVersions: new Map(Object.entries(message.initialResourceVersions)),
    nonce: message.responseNonce,
    ...errorOf(message.errorDetail),
  };
  return { request, ...nodeOf(message.node) };
}

function errorOf(detail: { readonly message: string } | undefined): { readonly error?: string } {
  return detail === undefined ? {} : { error: detail.message };
}

function nodeOf(node: Node | undefined): { readonly node?: JsonObject } {
  if (node === undefined || node.id === '') return {};
  const json = toJson(NodeSchema, node);
  return isJsonObject(json) ? { node: json } : {};
}
