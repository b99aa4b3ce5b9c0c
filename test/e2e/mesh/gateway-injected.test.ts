import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseKubeYaml } from '../../../shared/kube/yaml.ts';
import { isJsonArray, isJsonObject, type JsonObject, objectAt } from '../../../shared/lib/json.ts';
import { commandLine } from '../../fixtures/command-line.ts';
import { isLeftOut } from '../optional.ts';
import { Backend } from './backend.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { freePort, TestMesh } from './mesh.ts';
import { gatewayServer, istio, serviceObjects } from './objects.ts';
import { sendUntil } from './requests.ts';

/** As Istio's documentation has it: the container is there for its name alone. */
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'edge', namespace: 'shop' },
  spec: {
    selector: { matchLabels: { istio: 'edge' } },
    template: {
      metadata: {
        annotations: { 'inject.istio.io/templates': 'gateway' },
        labels: { istio: 'edge', 'sidecar.istio.io/inject': 'true' },
      },
      spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
    },
  },
};

/** What Istio's agent makes of an injected container: the type of the node from its arguments, metadata from its environment. */
interface Injected {
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly metadata: JsonObject;
}

async function injected(directory: string): Promise<Injected> {
  const file = join(directory, 'deployment.json');
  await writeFile(file, JSON.stringify(deployment));
  const { stdout } = await commandLine('inject', '-f', file);
  const document = parseKubeYaml(stdout);
  const template = objectAt(objectAt(document.ok && isJsonObject(document.value) ? document.value : {}, 'spec'), 'template');
  const { containers } = objectAt(template, 'spec');
  const [proxy] = isJsonArray(containers) ? containers.filter(isJsonObject) : [];
  const env = proxy !== undefined && isJsonArray(proxy['env']) ? proxy['env'].filter(isJsonObject) : [];
  const named = env.flatMap(({ name, value }) => (typeof value === 'string' ? [[String(name), value] as const] : []));
  return {
    type: isJsonArray(proxy?.['args']) ? String(proxy['args'][1]) : '',
    labels: objectAt(objectAt(template, 'metadata'), 'labels') as Record<string, string>,
    metadata: Object.fromEntries(
      named.filter(([name]) => name.startsWith('ISTIO_META_')).map(([name, value]) => [name.slice('ISTIO_META_'.length), value]),
    ),
  };
}

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('a gateway that was injected', { timeout: 60_000 }, () => {
  let directory = '';
  let mesh: TestMesh;
  let backend: Backend;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pilotless-injected-'));
    backend = await new Backend('web', '127.0.12.1').listen();
  });

  afterAll(async () => {
    await mesh.close();
    backend.close();
    await rm(directory, { recursive: true });
  });

  it('is picked by its Deployment’s labels and routes requests', async () => {
    const { type, labels, metadata } = await injected(directory);
    const port = await freePort();
    const edge = istio('Gateway', 'edge', { selector: { istio: 'edge' }, servers: [gatewayServer(port, 'HTTP', 'web.test')] });
    const route = [{ destination: { host: 'web' } }];
    const rule = istio('VirtualService', 'web', { hosts: ['web.test'], gateways: ['edge'], http: [{ route }] });
    const instances = [{ version: 'v1', address: backend.address, port: backend.port }];
    mesh = await TestMesh.create({ web: serviceObjects({ name: 'web', port: 80, instances }), edge: [edge, rule] });

    const envoy = await mesh.gateway('edge', { labels, node: { metadata } });
    await envoy.live();

    expect([type, metadata['WORKLOAD_NAME']]).toEqual(['router', 'edge']);
    expect((await sendUntil({ port, host: 'web.test' }, 'the gateway answers', ({ status }) => status === 200)).body).toBe('web');
  });
});
