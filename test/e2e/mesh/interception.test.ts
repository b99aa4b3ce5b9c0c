import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { canRedirect } from './network.ts';
import { destinationRule, serviceObjects, virtualService } from './objects.ts';
import { appPort, type PodOptions } from './pod.ts';
import { PodMesh } from './pod-mesh.ts';
import { type Call, send } from './requests.ts';

const clusterIp = '10.96.0.10';
const clientPod: PodOptions = { service: 'client', version: 'v1', host: 11 };
const webPods: readonly PodOptions[] = [
  { service: 'web', version: 'v1', host: 12 },
  { service: 'web', version: 'v2', host: 13 },
];
/** The version that a request names in a header, v1 if it names none. */
const byHeader = virtualService('web', [
  { match: [{ headers: { version: { exact: 'v2' } } }], route: [{ destination: { host: 'web', subset: 'v2' } }] },
  { route: [{ destination: { host: 'web', subset: 'v1' } }] },
]);
const toV2: Partial<Call> = { headers: { version: 'v2' } };

const isOut = [isLeftOut('envoy', canHaveEnvoy()), isLeftOut('network namespaces', canRedirect())].includes(true);

describe.skipIf(isOut)('pods with redirected connections', () => {
  let pods: PodMesh;

  beforeAll(async () => {
    pods = await PodMesh.create();
    const [web, client] = [pods.instances(webPods), pods.instances([clientPod])];
    await pods.start(
      {
        web: serviceObjects({ name: 'web', port: 80, clusterIp, instances: web }),
        client: serviceObjects({ name: 'client', port: 80, clusterIp: '10.96.0.11', instances: client }),
        traffic: [byHeader, destinationRule('web', ['v1', 'v2'])],
      },
      [clientPod, ...webPods],
    );
    await answerOf({}, 'v1');
    await answerOf(toV2, 'v2');
  }, 180_000);

  afterAll(() => pods.close());

  /** What the application of a version answers to the client’s. */
  async function answerOf(call: Partial<Call>, version: string): Promise<Readonly<Record<string, string>>> {
    const whole = { port: 80, host: 'web', address: clusterIp, ...call };
    return JSON.parse(await pods.answer('client-v1', whole, (body) => JSON.parse(body).version === version));
  }

  it('reach each other by the address of the service, through both sidecars with mutual TLS', async () => {
    const { caller, from } = await answerOf({}, 'v1');

    expect(caller).toContain('By=spiffe://cluster.local/ns/shop/sa/web;');
    expect(caller).toContain('URI=spiffe://cluster.local/ns/shop/sa/client');
    // From its own Envoy, not from the pod of the client.
    expect(from).toBe('127.0.0.6');
  });

  it.each(['web.shop.svc.cluster.local', 'web.shop:80', clusterIp])('are found as %s too', async (host) => {
    expect((await answerOf({ host }, 'v1'))['caller']).toContain('URI=spiffe://cluster.local/ns/shop/sa/client');
  });

  it('follow the rules of the VirtualService', async () => {
    expect((await answerOf(toV2, 'v2'))['caller']).toContain('By=spiffe://cluster.local/ns/shop/sa/web;');
  });

  it('can be reached without mutual TLS, as the mesh is permissive, through their own sidecar', async () => {
    const { body } = await send({ port: appPort, host: 'web', address: pods.network.addressOf(12) });

    expect(JSON.parse(body)).toEqual({ version: 'v1', path: '/', from: '127.0.0.6' });
  });

  it('have an Envoy each that the control plane shows as synced, and was sent nothing but bytes of snapshots', async () => {
    const states = JSON.parse(await pods.mesh.monitoring('/debug/syncz'));

    expect(states).toMatchObject([{ proxy: 'client-v1.shop' }, { proxy: 'web-v1.shop' }, { proxy: 'web-v2.shop' }]);
    for (const { listener_sent: sent, listener_acked: acked } of states) expect(acked).toBe(sent);
    expect(await pods.mesh.metric('pilot_total_xds_rejects')).toBe(0);
    expect(await pods.mesh.metric('pilotless_gateway_encoded_total')).toBe(0);
  });
});
