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

  const port = { number: 80, protocol: 'HTTP' };

  it.each<[string, JsonObject, string]>([
    ['a port that is none', { egress: [{ port: { number: 70_000 }, hosts: ['./*'] }] }, 'egress[0].port.number'],
    ['no port without a socket file', { egress: [{ port: { number: 0 }, hosts: ['./*'] }] }, 'egress[0].port.number'],
    ['an address that is none', { egress: [{ port, bind: 'localhost', hosts: ['./*'] }] }, 'egress[0].bind'],
    ['a socket file without a path', { egress: [{ port, bind: 'unix://', hosts: ['./*'] }] }, 'egress[0].bind'],
    ['an inbound port that is missing', { ingress: [{ defaultEndpoint: '127.0.0.1:80' }] }, 'ingress[0].port.number'],
    ['an inbound address that is none', { ingress: [{ port, bind: '10.0.0' }] }, 'ingress[0].bind'],
    ['an endpoint somewhere else', { ingress: [{ port, defaultEndpoint: '10.0.0.1:80' }] }, 'ingress[0].defaultEndpoint'],
    ['an endpoint without a port', { ingress: [{ port, defaultEndpoint: '127.0.0.1:' }] }, 'ingress[0].defaultEndpoint'],
  ])('loses a listener with %s, with a problem, and keeps the others', (_, spec, field) => {
    const more = Object.fromEntries(
      Object.entries(spec).map(([list, items]) => [list, [...(items as JsonObject[]), { port, hosts: ['./*'] }]]),
    );
    const { sidecar, problems } = decoded(more);

    expect(problems).toMatchObject([{ object: 'Sidecar shop/web', path: `spec.${field}` }]);
    expect(sidecar?.[field.startsWith('egress') ? 'egress' : 'ingress']).toMatchObject([{ port: { number: 80 } }]);
  });

  it('imports nothing where all its egress listeners are broken', () => {
    expect(decoded({ egress: [{ port, bind: 'localhost', hosts: ['./*'] }] }).sidecar?.egress).toEqual([]);
  });

  it('ignores a host that does not say its namespace, with a problem', () => {
    const { sidecar, problems } = decoded({ egress: [{ hosts: ['./*', 'web'] }] });

    expect(problems).toMatchObject([{ severity: 'warning', object: 'Sidecar shop/web', path: 'spec.egress[0].hosts[1]' }]);
    expect(sidecar?.egress).toHaveLength(1);
  });

  it.each(['127.0.0.1:80', '0.0.0.0:80', '[::]:80', '[::1]:80', 'unix:///run/a.sock', ''])('may lead to %j', (defaultEndpoint) => {
    expect(decoded({ ingress: [{ port, defaultEndpoint }] }).problems).toEqual([]);
  });

  it('that cannot be read is left out with a problem', () => {
    const { sidecar, problems } = decoded({ egress: [{ port: { number: 'many' } }] });

    expect(sidecar).toBeUndefined();
    expect(problems).toMatchObject([{ object: 'Sidecar shop/web', path: 'spec.egress[0].port.number' }]);
  });
});
