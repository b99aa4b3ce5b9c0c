import { readFile } from 'node:fs/promises';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import { type MeshSettings, readSettings } from '../../shared/sources/settings.ts';
import { follow, type Live, type Loaded } from './live.ts';

export interface SettingsSource {
  /** File with a MeshConfig; without it Istio's defaults hold. */
  readonly path: string | undefined;
  readonly onChange: () => void;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The settings of the whole mesh; follows their file. */
export function followSettings({ path, onChange, log, metrics }: SettingsSource): Promise<Live<MeshSettings>> {
  const paths = path === undefined ? [] : [path];
  return follow({ what: 'mesh settings', paths, load: () => loadSettings(path), onChange, log, metrics });
}

/** No value if anything is wrong: half of a mesh's settings may be worse than those before. */
async function loadSettings(path: string | undefined): Promise<Loaded<MeshSettings>> {
  const { value, problems } = readSettings(path === undefined ? {} : { meshConfig: await readFile(path, 'utf8') });
  const isRight = problems.every(({ severity }) => severity !== 'error');
  return {
    value: isRight ? value : undefined,
    problems: problems.map((problem) => ({ ...problem, object: `${path} (${problem.object})` })),
  };
}
