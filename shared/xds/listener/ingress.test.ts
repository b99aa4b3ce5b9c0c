import { describe, expect, it } from 'vitest';
import { type Json, jsonOf, listenerKey, port, scopeOf, target } from '../../../test/fixtures/listeners.ts';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { IngressListener, ListenerKey } from '../../model/index.ts';
import { inboundListeners } from './listeners.ts';

function built(listeners: readonly IngressListener[], more: Partial<ListenerKey> = {}): ReadonlyMap<string, Json> {
  const key = listenerKey({
    serviceTargets: [target(port(80, 'HTTP'), 8080)],
    ingress: { host: 'web.shop', config: '/sidecar/web', listeners },
    ...more,
  });
  return new Map(inboundListeners(scopeOf([]), key).value.map((listener) => [listener.name, jsonOf(ListenerSchema, listener)]));
}

const shared: IngressListener = {
  port: { number: 9080, name: 'http', protocol: 'HTTP' },
  bind: '',
  bindsPort: false,
  canListen: true,
  endpoint: { kind: 'original-destination' },
};
const own: IngressListener = { ...shared, port: { number: 9090, name: 'tcp', protocol: 'TCP' }, bind: '10.0.0.9', bindsPort: true };

function chainNames(listener: Json): readonly string[] {
  return [...new Set<string>(listener.filterChains.map(({ name }: Json) => name))];
}

describe('ingress listeners of a Sidecar', () => {
  it('replace the ports of the services', () => {
    const virtual = built([shared]).get('virtualInbound');

    expect(chainNames(virtual)).toContain('0.0.0.0_9080');
    expect(chainNames(virtual)).not.toContain('0.0.0.0_8080');
  });

  it('name the Sidecar where a service would be named', () => {
    const chain = built([shared])
      .get('virtualInbound')
      .filterChains.find(({ name }: Json) => name === '0.0.0.0_9080');
    const { statPrefix, routeConfig } = chain.filters.at(-1).typedConfig;

    expect(statPrefix).toBe('inbound_0.0.0.0_9080;');
    expect(routeConfig).toMatchObject({
      name: 'inbound|9080||',
      virtualHosts: [{ name: 'inbound|http|9080', routes: [{ decorator: { operation: 'web.shop:9080/*' } }] }],
    });
  });

  it('say in their metadata which Sidecar declares them', () => {
    const chains: readonly Json[] = built([shared]).get('virtualInbound').filterChains;
    const configs = chains.map(({ name, metadata }) => [name, metadata?.filterMetadata.istio.config]);

    expect(configs).toContainEqual(['0.0.0.0_9080', '/sidecar/web']);
    expect(configs).toContainEqual(['virtualInbound', undefined]);
  });

  it('are not there where the proxy cannot listen', () => {
    const all = built([
      { ...shared, canListen: false },
      { ...own, canListen: false },
    ]);

    expect([...all.keys()]).toEqual(['virtualInbound']);
    expect(chainNames(all.get('virtualInbound'))).not.toContain('0.0.0.0_9080');
  });

  it('with a socket of their own look at first bytes only as far as they need it', () => {
    const auto = built([{ ...own, port: { number: 9090, name: 'auto', protocol: 'Auto' } }]).get('10.0.0.9_9090');

    expect(auto.listenerFilters).toMatchObject([
      { name: 'envoy.filters.listener.tls_inspector', filterDisabled: { notMatch: { destinationPortRange: { start: 9090, end: 9091 } } } },
      { name: 'envoy.filters.listener.http_inspector' },
    ]);
    expect(auto.listenerFilters[1].filterDisabled).toBeUndefined();
  });

  it('have a listener apart where they have a socket of their own', () => {
    const all = built([own]);

    expect([...all.keys()]).toEqual(['10.0.0.9_9090', 'virtualInbound']);
    expect(all.get('10.0.0.9_9090')).toMatchObject({
      address: { socketAddress: { address: '10.0.0.9', portValue: 9090 } },
      trafficDirection: 'INBOUND',
      maxConnectionsToAcceptPerSocketEvent: 1,
    });
    expect(chainNames(all.get('10.0.0.9_9090'))).toEqual(['10.0.0.9_9090']);
    expect(all.get('10.0.0.9_9090').listenerFilters.map(({ name }: Json) => name)).toEqual(['envoy.filters.listener.tls_inspector']);
    expect(chainNames(all.get('virtualInbound'))).not.toContain('10.0.0.9_9090');
  });

  it('are all that is inbound where nothing is redirected', () => {
    expect([...built([{ ...own, bind: '' }], { interception: 'NONE' }).keys()]).toEqual(['0.0.0.0_9090']);
    expect(
      built([{ ...own, bind: '' }], { interception: 'NONE', ipFamilies: 'dual' }).get('0.0.0.0_9090').additionalAddresses,
    ).toMatchObject([{ address: { socketAddress: { address: '::', portValue: 9090 } } }]);
  });
});
