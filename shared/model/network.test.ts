import { describe, expect, it } from 'vitest';
import { networkByAddress, networkGateways, registryNetwork } from './network.ts';

const networks = {
  networks: {
    b: {
      endpoints: [{ fromRegistry: 'cluster-b' }, { fromCidr: '10.2.0.0/16' }],
      gateways: [
        { address: '198.18.0.2', port: 15443 },
        { address: '198.18.0.1', port: 15443 },
      ],
    },
    c: {
      endpoints: [{ fromCidr: 'fd00:3::/32' }, { fromCidr: 'nonsense' }],
      gateways: [{ registryServiceName: 'gw.istio-system', port: 443 }],
    },
  },
};

describe('networks', () => {
  it('lists gateways that have an address, in order', () => {
    expect([...networkGateways(networks)]).toEqual([
      [
        'b',
        [
          { address: '198.18.0.1', port: 15443 },
          { address: '198.18.0.2', port: 15443 },
        ],
      ],
    ]);
  });

  it('finds the network of a registry', () => {
    expect(registryNetwork(networks, 'cluster-b')).toBe('b');
    expect(registryNetwork(networks, 'Kubernetes')).toBe('');
  });

  it.each([
    ['10.2.3.4', 'b'],
    ['10.3.3.4', ''],
    ['fd00:3::1', 'c'],
    ['', ''],
  ])('finds that %j is in network %j', (address, network) => {
    expect(networkByAddress(networks)(address)).toBe(network);
  });
});
