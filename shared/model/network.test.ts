import { describe, expect, it } from 'vitest';
import { declaredGateways, gatewayScale, gatewaysTo, networkByAddress, networkGateways, registryNetwork } from './network.ts';

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
    expect([...networkGateways(declaredGateways(networks))]).toEqual([
      [
        'b',
        [
          { address: '198.18.0.1', port: 15443, cluster: '' },
          { address: '198.18.0.2', port: 15443, cluster: '' },
        ],
      ],
    ]);
  });

  const gateway = (network: string, address: string, cluster: string) => ({ network, gateway: { address, port: 15443, cluster } });

  it('prefers gateways in the cluster of the endpoint', () => {
    const gateways = networkGateways([gateway('b', '1.0.0.1', 'x'), gateway('b', '1.0.0.2', 'y')]);

    expect(gatewaysTo(gateways, { network: 'b', cluster: 'y' })).toMatchObject([{ address: '1.0.0.2' }]);
    expect(gatewaysTo(gateways, { network: 'b', cluster: 'z' })).toHaveLength(2);
    expect(gatewaysTo(gateways, { network: 'c', cluster: 'y' })).toEqual([]);
  });

  it('scales weights so that all of a network, and those of a cluster in it, can share them', () => {
    const three = ['1.0.0.1', '1.0.0.2', '1.0.0.3'].map((address, index) => gateway('b', address, index === 0 ? 'x' : 'y'));

    expect(gatewayScale(networkGateways(three))).toBe(6);
    expect(gatewayScale(networkGateways([...three, ...three]))).toBe(6);
    expect(gatewayScale(new Map())).toBe(1);
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
