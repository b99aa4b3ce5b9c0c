import { tokenSecretSetting } from '../../shared/lambda/secret-tokens.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import { choiceSetting, decodeSettings, type Setting, textSetting } from '../../shared/lib/setting.ts';
import { type LogLevel, logLevels } from '../../shared/observe/log.ts';
import { storeSetting } from '../../shared/store/open.ts';
import type { Store } from '../../shared/store/store.ts';

const prefixForm = /^[A-Za-z0-9_~=-][A-Za-z0-9._~=/-]*$/;

const prefixSetting: Setting<string> = {
  form: 'what the keys of Kubernetes YAML begin with',
  example: 'mesh/',
  fallback: 'mesh/',
  parse: (text) => (prefixForm.test(text) ? text : undefined),
};

const variables = {
  PILOTLESS_LOG_LEVEL: choiceSetting(logLevels, 'info'),
  PILOTLESS_MESH_PREFIX: prefixSetting,
  PILOTLESS_REVISION: textSetting('a revision', 'default'),
  PILOTLESS_STORE: storeSetting,
  PILOTLESS_TOKEN_SECRET: tokenSecretSetting,
};

export interface SnapshotSettings {
  readonly logLevel: LogLevel;
  /** Where Kubernetes YAML is read below `meshPrefix`, and snapshots are published. */
  readonly store: Store;
  readonly meshPrefix: string;
  /** Revision whose mesh settings hold. */
  readonly revision: string;
  /** Secret of Secrets Manager with the token that paths have to name; none if empty. */
  readonly tokenSecret: string;
}

/** @throws ControlPlaneError `invalid-setting` that names every wrong variable: the function does not start with it. */
export function readSnapshotSettings(env: Readonly<Record<string, string | undefined>>): SnapshotSettings {
  const { values, problems } = decodeSettings(variables, env);
  const { PILOTLESS_STORE: store } = values;
  const missing =
    store === undefined && problems.length === 0
      ? [`PILOTLESS_STORE is not set: give ${storeSetting.form}, for example ${storeSetting.example}`]
      : [];
  if (store === undefined || problems.length > 0) throw new ControlPlaneError('invalid-setting', [...problems, ...missing].join('\n'));
  return {
    logLevel: values.PILOTLESS_LOG_LEVEL,
    store,
    meshPrefix: values.PILOTLESS_MESH_PREFIX,
    revision: values.PILOTLESS_REVISION,
    tokenSecret: values.PILOTLESS_TOKEN_SECRET,
  };
}

/** What this process was started with. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
