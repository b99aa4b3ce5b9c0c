import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { type Filter, FilterSchema } from '../../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { pack } from '../../../lib/protobuf.ts';

/** A network filter under its name, with the settings of its type. */
export function networkFilter<Desc extends DescMessage>(name: string, schema: Desc, settings: MessageInitShape<Desc>): Filter {
  const value = pack(schema, create(schema, settings) as MessageShape<Desc>);
  return create(FilterSchema, { name, configType: { case: 'typedConfig', value } });
}
