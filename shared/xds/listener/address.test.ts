import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../../test/fixtures/listeners.ts';
import { AddressSchema } from '../../gen/envoy/config/core/v3/address_pb.js';
import { additionalAddresses, isIpAddress, socketAddress } from './address.ts';

describe('addresses', () => {
  it('carry their port', () => {
    expect(jsonOf(AddressSchema, socketAddress('fd00::1', 80))).toEqual({ socketAddress: { address: 'fd00::1', portValue: 80 } });
  });

  it.each([
    [['a'], 0],
    [['a', 'b'], 1],
    [[], 0],
  ])('beyond the first one are additional: %j', (binds, count) => {
    expect(additionalAddresses(binds, 80)).toHaveLength(count);
  });

  it.each([
    ['10.0.0.1', true],
    ['fd00::1', true],
    ['db.example.com', false],
    ['/run/socket', false],
  ])('%s is an IP address: %s', (text, expected) => {
    expect(isIpAddress(text)).toBe(expected);
  });
});
