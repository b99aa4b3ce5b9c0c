import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpClass } from '../../../cli/compile/dump.ts';
import { compile } from '../../../shared/compile/compile.ts';
import { classKeyOf } from '../../../shared/snapshot/projection.ts';
import { hasRecordings, recordings } from '../../conformance/recordings.ts';
import { readScenario, scenarioNames } from '../../conformance/xds/scenario.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy, envoyBinary } from './envoy-binary.ts';
import { staticConfig } from './static-config.ts';
import { asPlainEnvoy, validate } from './validation.ts';

const folder = join(recordings, 'xds');
const isOut = [isLeftOut('envoy', canHaveEnvoy()), !hasRecordings(folder)].includes(true);

describe.skipIf(isOut)('envoy --mode validate accepts what all proxies of a recorded scenario get', () => {
  let directory = '';

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pilotless-validate-'));
    await envoyBinary();
  }, 180_000);

  afterAll(() => rm(directory, { recursive: true }));

  it.each(isOut ? [] : scenarioNames(folder))('%s', async (name) => {
    const { world, proxies } = await readScenario(join(folder, name));
    const nodes = proxies.map(({ node }) => asPlainEnvoy(node));
    const { snapshot } = compile(world, nodes);

    for (const node of nodes) {
      const found = snapshot.classes.get(classKeyOf(snapshot.projection, node));
      if (found === undefined) throw new Error(`no class for ${String(node['id'])}`);
      const answer = await validate(staticConfig(dumpClass(found, snapshot.bodies)), join(directory, 'envoy.json'));
      expect([node['id'], answer]).toEqual([node['id'], 'accepted']);
    }
  });
});
