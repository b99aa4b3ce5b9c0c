import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poll } from '../apiserver/poll.ts';
import { isLeftOut } from '../optional.ts';
import { Backend } from './backend.ts';
import type { Envoy } from './envoy.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { freePort, TestMesh } from './mesh.ts';
import { destinationRule, serviceObjects, virtualService, weighted } from './objects.ts';
import { type Call, failed, send, sendDuring, sendMany } from './requests.ts';

const versions = ['v1', 'v2', 'v3'];
const shares = { v1: 80, v2: 15, v3: 5 };
const host = 'web.shop.svc.cluster.local';

describe.skipIf(isLeftOut('envoy', canHaveEnvoy())).each(['sotw', 'delta'] as const)('a real Envoy over %s', (protocol) => {
  let backends: readonly Backend[] = [];
  let mesh: TestMesh;
  let envoy: Envoy;
  let call: Call;
  const rule = destinationRule('web', versions);

  beforeAll(async () => {
    const port = await freePort();
    backends = await Promise.all(versions.map((version, index) => new Backend(version, `127.0.1.${index + 1}`).listen()));
    mesh = await TestMesh.create({
      web: serviceObjects({ name: 'web', port, instances: backends }),
      traffic: [weighted('web', shares), rule],
    });
    envoy = await mesh.client(protocol);
    call = { port, host };
  }, 180_000);

  afterAll(async () => {
    await mesh.close();
    for (const backend of backends) backend.close();
  });

  it('becomes LIVE, and is shown as synced', async () => {
    await envoy.live();

    const [status] = JSON.parse(await mesh.monitoring('/debug/syncz'));
    expect(status).toMatchObject({ proxy: 'client-1.shop', proxy_type: 'sidecar', cluster_id: 'Kubernetes' });
    for (const type of ['cluster', 'listener', 'route', 'endpoint']) {
      expect(status[`${type}_sent`]).toMatch(/./);
      expect(status[`${type}_acked`]).toBe(status[`${type}_sent`]);
    }
    expect(await mesh.monitoring('/metrics')).toContain('pilot_xds_pushes{type="cds"} ');
  });

  it('shares 2,000 requests 80/15/5 among the versions, each within 3 standard deviations', async () => {
    const count = 2000;
    const outside = async (): Promise<readonly string[]> => {
      const answers = await sendMany(call, count);
      expect(failed(answers)).toEqual([]);
      return Object.entries(shares).flatMap(([version, percent]) => {
        const share = percent / 100;
        const found = answers.filter(({ body }) => body === version).length;
        return Math.abs(found - count * share) <= 3 * Math.sqrt(count * share * (1 - share)) ? [] : [`${version}: ${found}`];
      });
    };

    // One sample in a hundred lies outside by chance: only two in a row are a finding.
    const first = await outside();
    expect(first.length === 0 ? [] : await outside()).toEqual([]);
  });

  it('is where a changed file says within 2 s, without a failed request', async () => {
    let changedMs = 0;
    const answers = await sendDuring(call, async () => {
      changedMs = performance.now();
      await mesh.write('traffic', [weighted('web', { v1: 0, v2: 0, v3: 100 }), rule]);
      await poll(async () => ((await sendMany(call, 40)).every(({ body }) => body === 'v3') ? true : undefined), { what: 'all go to v3' });
    });

    expect(failed(answers)).toEqual([]);
    const lastOld = Math.max(...answers.filter(({ body }) => body !== 'v3').map(({ startedMs }) => startedMs));
    expect(lastOld - changedMs).toBeLessThan(2000);
  });

  it('loses nothing to a broken VirtualService, which is reported with object and field', async () => {
    const before = await mesh.monitoring('/debug/config_dump?proxyID=client-1.shop');
    const broken = virtualService('web', [{ route: [{ destination: { host: 'web', subset: 'v1' }, weight: 'much' }] }]);

    await mesh.write('traffic', [broken, rule]);
    await mesh.serve?.printed(/VirtualService shop\/web spec\.http\[0\]\.route\[0\]\.weight: /);

    expect(new Set((await sendMany(call, 50)).map(({ body }) => body))).toEqual(new Set(['v3']));
    expect(await mesh.monitoring('/debug/config_dump?proxyID=client-1.shop')).toBe(before);
  });

  it('keeps its traffic while the control plane is dead, and follows the next one from where it was', async () => {
    const answers = await sendDuring(call, async () => {
      await mesh.killServe();
      await mesh.write('traffic', [weighted('web', { v1: 100 }), rule]);
      expect((await send(call)).body).toBe('v3');
      await mesh.startServe();
      await poll(async () => ((await send(call)).body === 'v1' ? true : undefined), {
        what: 'traffic follows the restarted control plane',
      });
    });

    expect(failed(answers)).toEqual([]);
    expect(await mesh.metric('pilot_total_xds_rejects')).toBe(0);
  });

  it('is sent nothing but the bytes of snapshots', async () => {
    expect(await mesh.metric('pilotless_gateway_encoded_total')).toBe(0);
  });
});
