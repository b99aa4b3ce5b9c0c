import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poll } from '../apiserver/poll.ts';
import { isLeftOut } from '../optional.ts';
import { Backend } from './backend.ts';
import type { Envoy } from './envoy.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { freePort, type Protocol, TestMesh } from './mesh.ts';
import { destinationRule, serviceObjects, virtualService } from './objects.ts';
import { type Call, failed, sendDuring, sendUntil } from './requests.ts';

const versions = ['v1', 'v2'];
/** The version that a request names in a header, v1 if it names none. */
const byHeader = virtualService('web', [
  { match: [{ headers: { version: { exact: 'v2' } } }], route: [{ destination: { host: 'web', subset: 'v2' } }] },
  { route: [{ destination: { host: 'web', subset: 'v1' } }] },
]);

describe.skipIf(isLeftOut('envoy', canHaveEnvoy())).each<Protocol>(['sotw', 'delta'])('removals over %s', (protocol) => {
  let backends: readonly Backend[] = [];
  let mesh: TestMesh;
  let envoy: Envoy;
  let call: Call;

  beforeAll(async () => {
    const port = await freePort();
    backends = await Promise.all(versions.map((version, index) => new Backend(version, `127.0.3.${index + 1}`).listen()));
    mesh = await TestMesh.create({
      web: serviceObjects({ name: 'web', port, instances: backends }),
      // On the same port, so that the route configuration of both is one.
      other: serviceObjects({ name: 'other', port, clusterIp: '10.96.0.11', instances: backends }),
      traffic: [byHeader, destinationRule('web', versions)],
    });
    envoy = await mesh.client(protocol);
    await envoy.live();
    call = { port, host: 'web' };
  }, 180_000);

  afterAll(async () => {
    await mesh.close();
    for (const backend of backends) backend.close();
  });

  const clusterIsGone = async (name: string): Promise<void> => {
    await poll(async () => (JSON.stringify(await envoy.admin('/clusters?format=json')).includes(name) ? undefined : true), {
      what: `no ${name}`,
    });
  };

  it('of a service fail no request to others', async () => {
    await sendUntil({ ...call, host: 'other' }, 'the other service answers', ({ status }) => status === 200);

    const answers = await sendDuring(call, async () => {
      await mesh.remove('other');
      await clusterIsGone('||other.shop.svc.cluster.local');
    });

    expect(failed(answers)).toEqual([]);
    expect(answers.length).toBeGreaterThan(0);
  });

  it('of a subset fail no request to other subsets, and those that name it get an answer', async () => {
    const toV2 = { ...call, headers: { version: 'v2' } };
    await sendUntil(toV2, 'v2 answers', ({ status, body }) => status === 200 && body === 'v2');

    const answers = await sendDuring(call, async () => {
      await mesh.write('traffic', [byHeader, destinationRule('web', ['v1'])]);
      await clusterIsGone('|v2|web.shop.svc.cluster.local');
    });

    expect(failed(answers)).toEqual([]);
    expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['v1']));
    await sendUntil(toV2, 'requests for v2 are refused', ({ status }) => status === 503);
  });

  it('never have a resource refused, and need nothing but bytes of snapshots', async () => {
    expect(await mesh.metric('pilot_total_xds_rejects')).toBe(0);
    expect(await mesh.metric('pilotless_gateway_encoded_total')).toBe(0);
  });
});
