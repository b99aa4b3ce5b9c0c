import { create } from '@bufbuild/protobuf';
import { type TypedExtensionConfig, TypedExtensionConfigSchema } from '../gen/envoy/config/core/v3/extension_pb.js';
import { ReqWithoutQuerySchema } from '../gen/envoy/extensions/formatter/req_without_query/v3/req_without_query_pb.js';
import { pack } from '../lib/protobuf.ts';

/** Extensions of Envoy that a format needs for commands that are not built in. @param format anything that holds the texts of the format. */
export function formatters(format: string): TypedExtensionConfig[] {
  if (!format.includes('%REQ_WITHOUT_QUERY')) return [];
  const typedConfig = pack(ReqWithoutQuerySchema, create(ReqWithoutQuerySchema));
  return [create(TypedExtensionConfigSchema, { name: 'envoy.formatter.req_without_query', typedConfig })];
}
