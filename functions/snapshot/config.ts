import { tokenSecretSetting } from '../../shared/lambda/secret-tokens.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import { choiceSetting, decodeSettings, textSetting } from '../../shared/lib/setting.ts';
import { type LogLevel, logLevels } from '../../shared/observe/log.ts';
import { storeForm, storeSetting } from '../../shared/store/open.ts';
import type { Store } from '../../shared/store/store.ts';

/** Where Kubernetes YAML lies. */
const sourceSetting = { ...storeSetting, example: 's3://mesh-snapshots/sources' };

const variables = {
  PILOTLESS_LOG_LEVEL: choiceSetting(logLevels, 'info'),
  PILOTLESS_REVISION: textSetting('a revision', 'default'),
  PILOTLESS_SOURCE: sourceSetting,
  PILOTLESS_STORE: storeSetting,
  PILOTLESS_TOKEN_SECRET: tokenSecretSetting,
};

export interface SnapshotSettings {
  readonly logLevel: LogLevel;
  /** Kubernetes YAML: everything in it is the mesh. */
  readonly source: Store;
  /** Where snapshots are published. */
  readonly store: Store;
  /** Revision whose mesh settings hold. */
  readonly revision: string;
  /** Secret of Secrets Manager with the token that paths have to name; none if empty. */
  readonly tokenSecret: string;
}

/** @throws ControlPlaneError `invalid-setting` that names every wrong variable: the function does not start with it. */
export function readSnapshotSettings(env: Readonly<Record<string, string | undefined>>): SnapshotSettings {
  const { values, problems } = decodeSettings(variables, env);
  const { PILOTLESS_STORE: store, PILOTLESS_SOURCE: source } = values;
  const given = { PILOTLESS_SOURCE: source, PILOTLESS_STORE: store };
  const missing = Object.entries(given).filter(
    ([name, value]) => value === undefined && !problems.some((problem) => problem.startsWith(`${name}=`)),
  );
  const messages = [
    ...problems,
    ...missing.map(([name]) => `${name} is not set: give ${storeForm}, for example ${name}=${sourceSetting.example}`),
  ];
  if (store === undefined || source === undefined || messages.length > 0)
    throw new ControlPlaneError('invalid-setting', messages.join('\n'));
  return {
    logLevel: values.PILOTLESS_LOG_LEVEL,
    source,
    store,
    revision: values.PILOTLESS_REVISION,
    tokenSecret: values.PILOTLESS_TOKEN_SECRET,
  };
}

/** What this process was started with. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
