import { describe, expect, it } from 'vitest';
import { jsonOf, listenerKey, scopeOf } from '../../../test/fixtures/listeners.ts';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { ListenerKey } from '../../model/index.ts';
import { virtualOutbound } from './virtual-outbound.ts';

function built(key: Partial<ListenerKey> = {}, scope = scopeOf([])) {
  return jsonOf(ListenerSchema, virtualOutbound(scope, listenerKey(key)));
}

describe('the virtual outbound listener', () => {
  it('refuses what is not redirected and passes the rest on', () => {
    const [blackHole, catchAll] = built().filterChains;

    expect(blackHole).toMatchObject({ name: 'virtualOutbound-blackhole', filterChainMatch: { destinationPort: 15001 } });
    expect(blackHole.filters.at(-1).typedConfig.cluster).toBe('BlackHoleCluster');
    expect(catchAll.filterChainMatch).toBeUndefined();
    expect(catchAll.filters.at(-1).typedConfig.cluster).toBe('PassthroughCluster');
  });

  it.each<[ListenerKey['ipFamilies'], string, string[]]>([
    ['v4', '0.0.0.0', []],
    ['v6', '::', []],
    ['dual', '0.0.0.0', ['::']],
  ])('binds every address of %s', (ipFamilies, first, others) => {
    const { address, additionalAddresses = [] } = built({ ipFamilies });

    expect(address.socketAddress).toEqual({ address: first, portValue: 15001 });
    expect(additionalAddresses.map((one: typeof address) => one.address.socketAddress.address)).toEqual(others);
  });

  it.each<[ListenerKey['interception'], unknown]>([
    ['TPROXY', true],
    ['REDIRECT', undefined],
  ])('is transparent for TPROXY: %s', (interception, expected) => {
    expect(built({ interception }).transparent).toBe(expected);
  });

  it('logs traffic, but not what it refuses', () => {
    const scope = scopeOf([]);
    const { accessLog, filterChains } = built({}, { ...scope, config: { ...scope.config, accessLogFile: '/dev/stdout' } });

    expect(accessLog).toHaveLength(1);
    expect(filterChains[0].filters.at(-1).typedConfig.accessLog).toBeUndefined();
    expect(filterChains[1].filters.at(-1).typedConfig.accessLog).toHaveLength(1);
  });
});
