import { tokenSecretSetting } from '../../shared/lambda/secret-tokens.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import { choiceSetting, decodeSettings, textSetting } from '../../shared/lib/setting.ts';
import { logLevels } from '../../shared/observe/log.ts';
import { storeSetting } from '../../shared/store/open.ts';

const variables = {
  PILOTLESS_LOG_LEVEL: choiceSetting(logLevels, 'info'),
  PILOTLESS_TOKEN_SECRET: tokenSecretSetting,
  // All functions of a mesh are given these; the rules of single objects need neither.
  PILOTLESS_REVISION: textSetting('a revision', 'default'),
  PILOTLESS_STORE: storeSetting,
};

export interface ValidateSettings {
  readonly logLevel: (typeof logLevels)[number];
  /** Secret of Secrets Manager with the token that paths have to name; none if empty. */
  readonly tokenSecret: string;
}

/** @throws ControlPlaneError `invalid-setting` that names every wrong variable: the function does not start with it. */
export function readValidateSettings(env: Readonly<Record<string, string | undefined>>): ValidateSettings {
  const { values, problems } = decodeSettings(variables, env);
  if (problems.length > 0) throw new ControlPlaneError('invalid-setting', problems.join('\n'));
  return { logLevel: values.PILOTLESS_LOG_LEVEL, tokenSecret: values.PILOTLESS_TOKEN_SECRET };
}

/** What this process was started with. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
