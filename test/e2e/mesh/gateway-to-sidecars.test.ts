import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { freePort } from './mesh.ts';
import { canRedirect } from './network.ts';
import { destinationRule, gateway, gatewayServer, istio, serviceObjects } from './objects.ts';
import type { PodOptions } from './pod.ts';
import { PodMesh } from './pod-mesh.ts';
import { type Call, sendMany, sendUntil } from './requests.ts';

const pods: readonly PodOptions[] = [
  { service: 'web', version: 'v1', host: 12 },
  { service: 'web', version: 'v2', host: 13 },
];
const isOut = [isLeftOut('envoy', canHaveEnvoy()), isLeftOut('network namespaces', canRedirect())].includes(true);

describe.skipIf(isOut)('requests from a gateway', { timeout: 60_000 }, () => {
  let site: PodMesh;
  let call: Call;

  beforeAll(async () => {
    site = await PodMesh.create();
    const port = await freePort();
    const route = [
      { destination: { host: 'web', subset: 'v1' }, weight: 80 },
      { destination: { host: 'web', subset: 'v2' }, weight: 20 },
    ];
    await site.start(
      {
        web: serviceObjects({ name: 'web', port: 80, instances: site.instances(pods) }),
        edge: [
          gateway('edge', 'edge', [gatewayServer(port, 'HTTP', 'web.test')]),
          istio('VirtualService', 'web', { hosts: ['web.test'], gateways: ['edge'], http: [{ route }] }),
          destinationRule('web', ['v1', 'v2']),
        ],
      },
      pods,
    );
    const envoy = await site.mesh.gateway('edge');
    await envoy.live();
    call = { port, host: 'web.test' };
    for (const version of ['v1', 'v2']) await sendUntil(call, `${version} answers`, ({ body }) => body.includes(`"${version}"`));
  }, 180_000);

  afterAll(() => site.close());

  it('reach the versions behind sidecars by mutual TLS, shared by weights', async () => {
    const answers = (await sendMany(call, 1_000)).map(({ status, body }) => ({ status, ...JSON.parse(body) }));

    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(answers.filter(({ caller }) => !String(caller).includes('URI=spiffe://cluster.local/ns/shop/sa/edge'))).toEqual([]);
    const share = answers.filter(({ version }) => version === 'v2').length / answers.length;
    // Three standard deviations of 1,000 choices.
    expect(Math.abs(share - 0.2)).toBeLessThan(3 * Math.sqrt((0.2 * 0.8) / 1_000));
  });
});
