import { readFileSync } from 'node:fs';
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
const names = isOut ? [] : scenarioNames(folder).filter(hasSidecars);

describe.skipIf(isOut)('envoy --mode validate accepts what the sidecars of a recorded scenario get', () => {
  let directory = '';

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pilotless-validate-'));
    await envoyBinary();
  }, 180_000);

  afterAll(() => rm(directory, { recursive: true }));

  it.each(names)('%s', async (name) => {
    const { world, proxies } = await readScenario(join(folder, name));
    const nodes = proxies.map(({ node }) => asPlainEnvoy(node)).filter(({ id }) => String(id).startsWith('sidecar~'));
    const { snapshot } = compile(world, nodes);

    for (const node of nodes) {
      const found = snapshot.classes.get(classKeyOf(snapshot.projection, node));
      if (found === undefined) throw new Error(`no class for ${String(node['id'])}`);
      const answer = await validate(staticConfig(dumpClass(found, snapshot.bodies)), join(directory, 'envoy.json'));
      expect([node['id'], answer]).toEqual([node['id'], 'accepted']);
    }
  });
});

function hasSidecars(scenario: string): boolean {
  return readFileSync(join(folder, scenario, 'proxies.yaml'), 'utf8').includes('sidecar~');
}
