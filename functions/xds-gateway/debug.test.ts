import { describe, expect, it } from 'vitest';
import { newGateway } from '../../test/fixtures/gateway.ts';
import { ProxyClient } from '../../test/fixtures/proxy-client.ts';
import { snapshotOf, typeUrls } from '../../test/fixtures/snapshots.ts';
import { debugAnswer } from './debug.ts';

const { cds, lds } = typeUrls;
const world = { cds: { web: '1' }, lds: { l: '1' } };

describe('/debug/syncz', () => {
  it('tells nonces and the last error of each connection', async () => {
    const { gateway } = newGateway();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'sotw');
    client.sotw({ typeUrl: cds }, { CLUSTER_ID: 'Kubernetes', ISTIO_VERSION: '1.29.0' });
    client.sotw({ typeUrl: cds, responseNonce: '1' });
    client.sotw({ typeUrl: lds });
    client.sotw({ typeUrl: lds, responseNonce: '2', errorDetail: { message: 'made up' } });

    const { status, body } = await debugAnswer({ gateway }, 'syncz');

    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual([
      {
        cluster_id: 'Kubernetes',
        proxy: 'web-1.shop',
        proxy_type: 'sidecar',
        istio_version: '1.29.0',
        cluster_sent: '1',
        cluster_acked: '1',
        listener_sent: '2',
        resources: {
          [cds]: { sent: '1', acked: '1', sentTime: '1970-01-01T00:00:00.000Z' },
          [lds]: { sent: '2', sentTime: '1970-01-01T00:00:00.000Z', lastError: 'made up' },
        },
      },
    ]);
    expect((await debugAnswer({ gateway }, 'syncz?namespace=other')).body).toBe('[]');
  });
});

describe('/debug', () => {
  it.each([
    ['config_dump', 400, 'You must provide a proxyID in the query string\n'],
    ['config_dump?proxyID=nobody', 404, 'Proxy not connected to this Pilot instance. It may be connected to another instance.\n'],
    ['nothing', 404, '404 page not found\n'],
    ['connections', 200, '{"totalClients":0}'],
    ['nacks', 200, '[]'],
  ])('%s with nobody connected', async (path, status, body) => {
    expect(await debugAnswer(newGateway(), path)).toMatchObject({ status, body });
  });
});
