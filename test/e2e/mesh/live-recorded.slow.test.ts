import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRecordings, recordings } from '../../conformance/recordings.ts';
import { readScenario, scenarioNames } from '../../conformance/xds/scenario.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { Stage } from './isolated-envoy.ts';
import { canRedirect } from './network.ts';

const folder = join(recordings, 'xds');
const isOut = [isLeftOut('envoy', canHaveEnvoy()), isLeftOut('network namespaces', canRedirect()), !hasRecordings(folder)].includes(true);

describe.skipIf(isOut)('Envoys in the place of the proxies of a recorded scenario are LIVE and refuse nothing', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.create();
  }, 180_000);

  afterAll(() => stage.close());

  it.each(isOut ? [] : scenarioNames(folder))('%s', async (name) => {
    const { world, proxies } = await readScenario(join(folder, name));
    expect(
      await stage.obstacles(
        world,
        proxies.map(({ node }) => node),
      ),
    ).toEqual([]);
  });
});
