import type { InjectSettings } from '../../shared/inject/index.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import { choiceSetting, decodeSettings, type Setting } from '../../shared/lib/setting.ts';
import { type LogLevel, logLevels } from '../../shared/observe/log.ts';

/** Only `openshift` changes anything; other names are as good as none, as in istiod. */
const platform: Setting<string> = { form: 'openshift, or nothing', example: 'openshift', fallback: '', parse: (text) => text };

/** istiod's own switches, under its names. @see https://istio.io/latest/docs/reference/commands/pilot-discovery/#envvars */
const istiodVariables = {
  ENABLE_NATIVE_SIDECARS: choiceSetting(['auto', 'true', 'false'], 'auto'),
  PLATFORM: platform,
  COMPLIANCE_POLICY: choiceSetting(['', 'fips-140-2', 'fips-140-3', 'pqc'], ''),
};

const functionVariables = {
  ...istiodVariables,
  PILOTLESS_LOG_LEVEL: choiceSetting(logLevels, 'info'),
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads istiod's switches; variables of ours are somebody else's to read. A wrong value is a problem, and counts as not set. */
export function readInjectSettings(env: Environment): { readonly settings: InjectSettings; readonly problems: readonly Problem[] } {
  const istiods = Object.fromEntries(Object.keys(istiodVariables).map((name) => [name, env[name]]));
  const { values, problems } = decodeSettings(istiodVariables, istiods);
  return {
    settings: {
      nativeSidecars: values.ENABLE_NATIVE_SIDECARS ?? 'auto',
      platform: values.PLATFORM,
      compliancePolicy: values.COMPLIANCE_POLICY ?? '',
    },
    problems: problems.map((message) => ({ code: 'invalid-setting', severity: 'error', object: 'environment', path: '', message })),
  };
}

/** @throws ControlPlaneError `invalid-setting` that names every wrong variable: the function does not start with it. */
export function readFunctionSettings(env: Environment): { readonly inject: InjectSettings; readonly logLevel: LogLevel } {
  const { values, problems } = decodeSettings(functionVariables, env);
  if (problems.length > 0) throw new ControlPlaneError('invalid-setting', problems.join('\n'));
  return { inject: readInjectSettings(env).settings, logLevel: values.PILOTLESS_LOG_LEVEL };
}

/** What this process was started with. */
export function processEnvironment(): Environment {
  return process.env;
}
