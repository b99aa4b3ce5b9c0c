import { create, type JsonObject } from '@bufbuild/protobuf';
import { type Metadata, MetadataSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import type { Service } from '../../model/index.ts';

/** Metadata that Istio's own filters read, of a cluster or an endpoint. */
export function istioMetadata(istio: JsonObject, more: Readonly<Record<string, JsonObject>> = {}): Metadata {
  return create(MetadataSchema, { filterMetadata: { ...more, istio } });
}

/** How metadata names a service. */
export function serviceEntryOf({ host, name, namespace }: Service): JsonObject {
  return { host, name, namespace };
}
