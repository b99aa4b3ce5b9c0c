import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpClass } from '../../../cli/compile/dump.ts';
import { readWorld } from '../../../cli/compile/inputs.ts';
import { demoMeshPath } from '../../../cli/demo.ts';
import { bootstrap } from '../../../cli/try/bootstrap.ts';
import { compile } from '../../../shared/compile/compile.ts';
import { isJsonObject, type JsonObject, objectAt } from '../../../shared/lib/json.ts';
import { classKeyOf } from '../../../shared/snapshot/projection.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy, envoyBinary } from './envoy-binary.ts';
import { staticConfig } from './static-config.ts';
import { asPlainEnvoy, validate } from './validation.ts';

const { value: world } = await readWorld(demoMeshPath, {});
const pods = world.objects.filter(({ kind }) => kind === 'Pod');

/** A plain upstream Envoy in the pod. */
function nodeOf(pod: (typeof pods)[number], interception: 'REDIRECT' | 'NONE'): JsonObject {
  const labels = objectAt(objectAt(pod.content, 'metadata'), 'labels') as Readonly<Record<string, string>>;
  const ip = String(objectAt(pod.content, 'status')['podIP']);
  const identity = { pod: pod.name, namespace: pod.namespace, serviceAccount: 'default', ip, labels };
  const { node } = bootstrap({ protocol: 'sotw', ...identity, interception, xds: { address: ip, port: 1 }, sdsPath: '', adminPort: 0 });
  return asPlainEnvoy(isJsonObject(node) ? node : {});
}

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('envoy --mode validate', { timeout: 60_000 }, () => {
  let directory = '';

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pilotless-validate-'));
    await envoyBinary();
  }, 180_000);

  afterAll(() => rm(directory, { recursive: true }));

  it.each(['REDIRECT', 'NONE'] as const)('accepts what every workload of the demo gets with interception %s', async (interception) => {
    const nodes = pods.map((pod) => nodeOf(pod, interception));
    const { snapshot } = compile(world, nodes);

    expect(snapshot.problems).toEqual([]);
    for (const node of nodes) {
      const found = snapshot.classes.get(classKeyOf(snapshot.projection, node));
      if (found === undefined) throw new Error(`no class for ${String(node['id'])}`);
      expect([node['id'], await validate(staticConfig(dumpClass(found, snapshot.bodies)), join(directory, 'envoy.json'))]).toEqual([
        node['id'],
        'accepted',
      ]);
    }
  });

  it('refuses what is broken, so that its word counts', async () => {
    const broken = new Map([['listeners', [{ name: 'without an address' }]]]);

    expect(await validate(staticConfig(broken), join(directory, 'envoy.json'))).not.toBe('accepted');
  });
});
