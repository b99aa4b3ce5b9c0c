import { describe, expect, it } from 'vitest';
import { newGateway } from '../../test/fixtures/gateway.ts';
import { ProxyClient } from '../../test/fixtures/proxy-client.ts';
import { snapshotOf, typeUrls } from '../../test/fixtures/snapshots.ts';

const { cds } = typeUrls;
const world = { cds: { web: '1' } };

describe('a stream is refused', () => {
  it.each([
    ['', 'invalid-argument', 'missing node information'],
    ['sidecar~10.0.0.1~x', 'invalid-argument', 'missing parts in the service node "sidecar~10.0.0.1~x"'],
    [
      'toaster~10.0.0.1~a.b~c',
      'invalid-argument',
      'invalid node type (valid types: [sidecar router waypoint ztunnel]) in the service node "toaster~10.0.0.1~a.b~c"',
    ],
    ['sidecar~~a.b~c', 'invalid-argument', 'no valid IP address in the service node id or metadata'],
    ['ztunnel~10.0.0.1~a.b~c', 'unimplemented', 'ambient mode is not supported: this control plane serves no ztunnel'],
  ])('for the node id %j', (id, code, message) => {
    const client = new ProxyClient(newGateway().gateway, 'sotw');

    client.sotw({ typeUrl: cds, node: { id } });

    expect(client.refusal).toMatchObject({ code, message });
  });

  it('for bytes that are no request', () => {
    const client = new ProxyClient(newGateway().gateway, 'sotw');

    client.session.receive(Buffer.from([0xff]));

    expect(client.refusal).toMatchObject({ code: 'invalid-argument' });
  });

  it('for a type that is not served', () => {
    const { gateway } = newGateway();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'sotw');

    client.sotw({ typeUrl: 'type.googleapis.com/no.such.Type', resourceNames: ['x'] }, {});

    expect(client.refusal).toMatchObject({ code: 'permission-denied' });
  });

  it('but not for a health report before the first request', () => {
    const { gateway } = newGateway();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'sotw');

    client.sotw({ typeUrl: 'type.googleapis.com/istio.v1.HealthInformation' });
    client.sotw({ typeUrl: cds }, {});

    expect(client.refusal).toBeUndefined();
    expect(client.sotwResponses()).toHaveLength(1);
  });
});
