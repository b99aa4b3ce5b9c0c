import type { InjectSettings } from '../../shared/inject/index.ts';
import type { RootCertificate } from '../../shared/inject/root-certificate.ts';
import type { TemplateHost } from '../../shared/inject/text-template.ts';
import { tokenSecretSetting } from '../../shared/lambda/secret-tokens.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import { choiceSetting, decodeSettings, type Setting, textSetting } from '../../shared/lib/setting.ts';
import { type LogLevel, logLevels } from '../../shared/observe/log.ts';
import { storeSetting } from '../../shared/store/open.ts';
import type { Store } from '../../shared/store/store.ts';

/** Only `openshift` changes anything; other names are as good as none, as in istiod. */
const platform: Setting<string> = { form: 'openshift, or nothing', example: 'openshift', fallback: '', parse: (text) => text };

const pem: Setting<string> = {
  form: 'PEM certificates',
  example: '"$(cat root-cert.pem)"',
  fallback: '',
  parse: (text) => (text.includes('-----BEGIN CERTIFICATE-----') ? text : undefined),
};

/** Variables that change what is injected: istiod's own switches, under its names, and ours. @see https://istio.io/latest/docs/reference/commands/pilot-discovery/#envvars */
export const injectVariables = {
  ENABLE_NATIVE_SIDECARS: choiceSetting(['auto', 'true', 'false'], 'auto'),
  PLATFORM: platform,
  COMPLIANCE_POLICY: choiceSetting(['', 'fips-140-2', 'fips-140-3', 'pqc'], ''),
  PILOTLESS_ROOT_CERTIFICATE: choiceSetting(['configmap', 'trustbundle', 'inline', 'system'], 'configmap'),
  PILOTLESS_ROOT_CERTIFICATE_PEM: pem,
};

const functionVariables = {
  ...injectVariables,
  PILOTLESS_LOG_LEVEL: choiceSetting(logLevels, 'info'),
  PILOTLESS_REVISION: textSetting('a revision', 'default'),
  PILOTLESS_STORE: storeSetting,
  PILOTLESS_TOKEN_SECRET: tokenSecretSetting,
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads what changes an injection; other variables are somebody else's to read. A wrong value is a problem, and counts as not set. */
export function readInjectSettings(env: Environment): { readonly settings: InjectSettings; readonly problems: readonly Problem[] } {
  const own = Object.fromEntries(Object.keys(injectVariables).map((name) => [name, env[name]]));
  const { values, problems } = decodeSettings(injectVariables, own);
  const rootCertificate = rootCertificateOf(values.PILOTLESS_ROOT_CERTIFICATE ?? 'configmap', values.PILOTLESS_ROOT_CERTIFICATE_PEM ?? '');
  const messages = rootCertificate ? problems : [...problems, missingPem];
  return {
    settings: {
      nativeSidecars: values.ENABLE_NATIVE_SIDECARS ?? 'auto',
      platform: values.PLATFORM ?? '',
      compliancePolicy: values.COMPLIANCE_POLICY ?? '',
      rootCertificate: rootCertificate ?? { mode: 'configmap' },
    },
    problems: messages.map((message) => ({ code: 'invalid-setting', severity: 'error', object: 'environment', path: '', message })),
  };
}

const missingPem =
  'PILOTLESS_ROOT_CERTIFICATE=inline needs the roots: give PILOTLESS_ROOT_CERTIFICATE_PEM, for example PILOTLESS_ROOT_CERTIFICATE_PEM="$(cat root-cert.pem)"';

function rootCertificateOf(mode: RootCertificate['mode'], roots: string): RootCertificate | undefined {
  if (mode !== 'inline') return { mode };
  return roots === '' ? undefined : { mode, pem: roots };
}

export interface FunctionSettings {
  readonly inject: InjectSettings;
  readonly logLevel: LogLevel;
  /** Revision of pods that name none. */
  readonly revision: string;
  /** Where the configuration comes from; without one the built-in defaults hold. */
  readonly store: Store | undefined;
  /** Secret of Secrets Manager with the token that paths have to name; none if empty. */
  readonly tokenSecret: string;
}

/** @throws ControlPlaneError `invalid-setting` that names every wrong variable: the function does not start with it. */
export function readFunctionSettings(env: Environment): FunctionSettings {
  const { values, problems } = decodeSettings(functionVariables, env);
  const { settings, problems: injectProblems } = readInjectSettings(env);
  const messages = [...new Set([...problems, ...injectProblems.map(({ message }) => message)])];
  if (messages.length > 0) throw new ControlPlaneError('invalid-setting', messages.join('\n'));
  return {
    inject: settings,
    logLevel: values.PILOTLESS_LOG_LEVEL,
    revision: values.PILOTLESS_REVISION,
    store: values.PILOTLESS_STORE,
    tokenSecret: values.PILOTLESS_TOKEN_SECRET,
  };
}

/** What templates may see of this process: its clock, and its environment without what belongs to the cloud account or to us. */
export function templateHost(env: Environment): TemplateHost {
  return { nowMs: Date.now, env: (name) => (hiddenFromTemplates.test(name) ? undefined : env[name]) };
}

const hiddenFromTemplates = /^(AWS_|PILOTLESS_)/;

/** What this process was started with. */
export function processEnvironment(): Environment {
  return process.env;
}
