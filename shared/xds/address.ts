import { create } from '@bufbuild/protobuf';
import { type Address, AddressSchema } from '../gen/envoy/config/core/v3/address_pb.js';

const unixScheme = 'unix://';

/** An IP address and port, or a socket file (`unix:///PATH`), which has no port. */
export function addressOf(address: string, port: number): Address {
  if (address.startsWith(unixScheme)) {
    return create(AddressSchema, { address: { case: 'pipe', value: { path: address.slice(unixScheme.length) } } });
  }
  return create(AddressSchema, {
    address: { case: 'socketAddress', value: { address, portSpecifier: { case: 'portValue', value: port } } },
  });
}
