import { describe, expect, it } from 'vitest';
import { config } from '../../test/fixtures/kubernetes-world.ts';
import type { JsonObject } from '../lib/json.ts';
import { decodeSidecars } from './sidecars.ts';

function decoded(spec: JsonObject) {
  const { value, problems } = decodeSidecars([config('Sidecar', 'web', spec)], 'istio-system');
  return { sidecar: value.byNamespace.get('shop')?.[0], problems };
}

describe('a Sidecar resource', () => {
  it('imports everything where it says nothing', () => {
    expect(decoded({}).sidecar).toEqual({
      name: 'web',
      namespace: 'shop',
      egress: [{ bind: '', bindsPort: false, hosts: ['*/*'] }],
      ingress: [],
    });
  });

  it('says for egress which protocol is spoken and where', () => {
    const egress = [
      { port: { number: 9000, protocol: 'GRPC', name: 'grpc' }, captureMode: 'NONE', hosts: ['./*'] },
      { port: { number: 0, protocol: 'HTTP' }, bind: 'unix:///run/out.sock', hosts: ['other/*'] },
    ];

    expect(decoded({ egress }).sidecar?.egress).toEqual([
      { port: { number: 9000, protocol: 'GRPC', name: 'grpc' }, bind: '', bindsPort: true, hosts: ['./*'] },
      { port: { number: 0, protocol: 'HTTP', name: '' }, bind: 'unix:///run/out.sock', bindsPort: true, hosts: ['other/*'] },
    ]);
  });

  it.each([
    [{}, { policy: 'REGISTRY_ONLY' }],
    [{ mode: 'ALLOW_ANY' }, { policy: 'ALLOW_ANY' }],
    [
      { mode: 'ALLOW_ANY', egressProxy: { host: 'out.shop.svc.cluster.local', port: { number: 80 } } },
      { policy: 'ALLOW_ANY', egressProxy: { host: 'out.shop.svc.cluster.local', port: { number: 80 } } },
    ],
    [{ mode: 'REGISTRY_ONLY', egressProxy: { host: 'out' } }, { policy: 'REGISTRY_ONLY' }],
  ])('with outboundTrafficPolicy %j', (outboundTrafficPolicy, outbound) => {
    expect(decoded({ outboundTrafficPolicy }).sidecar?.outbound).toEqual(outbound);
  });

  it('tells a selector without labels from none', () => {
    expect(decoded({ workloadSelector: {} }).sidecar?.selector).toEqual({});
    expect(decoded({}).sidecar).not.toHaveProperty('selector');
  });

  it('that cannot be read is left out with a problem', () => {
    const { sidecar, problems } = decoded({ egress: [{ port: { number: 'many' } }] });

    expect(sidecar).toBeUndefined();
    expect(problems).toMatchObject([{ object: 'Sidecar shop/web', path: 'spec.egress[0].port.number' }]);
  });
});
