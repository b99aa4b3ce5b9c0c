import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import {
  type HttpFilter,
  HttpFilterSchema,
} from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { pack } from '../../../lib/protobuf.ts';

/** An HTTP filter under its name, with the settings of its type. */
export function httpFilter<Desc extends DescMessage>(name: string, schema: Desc, settings: MessageInitShape<Desc>): HttpFilter {
  const value = pack(schema, create(schema, settings) as MessageShape<Desc>);
  return create(HttpFilterSchema, { name, configType: { case: 'typedConfig', value } });
}
