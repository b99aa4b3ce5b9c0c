import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { type Address, AddressSchema } from '../../gen/envoy/config/core/v3/address_pb.js';
import type { AdditionalAddressSchema, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';

/** Every address of a family, and the local one, as a proxy binds them: its first family leads, the other follows (dual stack). */
export const wildcards = { v4: ['0.0.0.0'], v6: ['::'], dual: ['0.0.0.0', '::'] } as const;
export const localhosts = { v4: ['127.0.0.1'], v6: ['::1'], dual: ['127.0.0.1', '::1'] } as const;

export function socketAddress(address: string, port: number): Address {
  return create(AddressSchema, {
    address: { case: 'socketAddress', value: { address, portSpecifier: { case: 'portValue', value: port } } },
  });
}

/** Whether the text is an address and no host name or path; a cheap look, for texts that a registry gave. */
export function isIpAddress(text: string): boolean {
  return text.includes(':') || ipv4.test(text);
}

const ipv4 = /^\d+\.\d+\.\d+\.\d+$/;

/** All but the first one, which is the listener's own. */
export function additionalAddresses(binds: readonly string[], port: number): MessageInitShape<typeof AdditionalAddressSchema>[] {
  return binds.slice(1).map((bind) => ({ address: socketAddress(bind, port) }));
}

/** Spreads connections evenly over Envoy's threads, for workloads that ask for it. */
export function exactBalance(isWanted: boolean): Pick<MessageInitShape<typeof ListenerSchema>, 'connectionBalanceConfig'> {
  return isWanted ? { connectionBalanceConfig: { balanceType: { case: 'exactBalance', value: {} } } } : {};
}
