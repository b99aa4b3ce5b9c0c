import { ControlPlaneError } from '../../shared/lib/error.ts';
import { choiceSetting, decodeSettings, type Setting, textSetting } from '../../shared/lib/setting.ts';
import { type LogLevel, logLevels } from '../../shared/observe/log.ts';
import { storeSetting } from '../../shared/store/open.ts';
import type { Store } from '../../shared/store/store.ts';

/** Where a gateway listens, what it follows and how it talks. */
export interface GatewaySettings {
  readonly store: Store;
  /** Folder of the copy to start with when the store is away; none if empty. */
  readonly cacheDir: string;
  /** Plaintext xDS, `127.0.0.1:15010`. */
  readonly xdsAddress: string;
  /** Health, metrics, debug, `127.0.0.1:15014`. */
  readonly monitoringAddress: string;
  /** URL of the snapshot function, with its token; none if empty. */
  readonly snapshotUrl: string;
  readonly logLevel: LogLevel;
}

const addressForm = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/;

function addressSetting(fallback: string): Setting<string> {
  return { form: 'HOST:PORT', example: fallback, fallback, parse: (text) => (addressForm.test(text) ? text : undefined) };
}

const webUrl = /^https?:\/\//;
const lastSlash = /\/$/;

const urlSetting: Setting<string> = {
  form: 'the URL of the snapshot function, with /t/TOKEN if it has one',
  example: 'https://abc.lambda-url.eu-central-1.on.aws/t/TOKEN',
  fallback: '',
  parse: (text) => (webUrl.test(text) && URL.canParse(text) ? text.replace(lastSlash, '') : undefined),
};

const variables = {
  PILOTLESS_CACHE_DIR: textSetting('a folder', ''),
  PILOTLESS_LOG_LEVEL: choiceSetting(logLevels, 'info'),
  PILOTLESS_MONITORING_ADDRESS: addressSetting('127.0.0.1:15014'),
  PILOTLESS_SNAPSHOT_URL: urlSetting,
  PILOTLESS_STORE: storeSetting,
  PILOTLESS_XDS_ADDRESS: addressSetting('127.0.0.1:15010'),
};

/** @throws ControlPlaneError `invalid-setting` that names every wrong variable. */
export function readGatewaySettings(env: Readonly<Record<string, string | undefined>>): GatewaySettings {
  const { values, problems } = decodeSettings(variables, env);
  const { PILOTLESS_STORE: store } = values;
  if (problems.length > 0) throw new ControlPlaneError('invalid-setting', problems.join('\n'));
  if (store === undefined) {
    throw new ControlPlaneError(
      'invalid-setting',
      `PILOTLESS_STORE is not set: give ${storeSetting.form}, for example ${storeSetting.example}`,
    );
  }
  return {
    store,
    cacheDir: values.PILOTLESS_CACHE_DIR,
    xdsAddress: values.PILOTLESS_XDS_ADDRESS,
    monitoringAddress: values.PILOTLESS_MONITORING_ADDRESS,
    snapshotUrl: values.PILOTLESS_SNAPSHOT_URL,
    logLevel: values.PILOTLESS_LOG_LEVEL,
  };
}

/** The port of {@link GatewaySettings.monitoringAddress}, for who asks on the same machine. */
export function readMonitoringPort(env: Readonly<Record<string, string | undefined>>): string {
  const { values } = decodeSettings({ PILOTLESS_MONITORING_ADDRESS: variables.PILOTLESS_MONITORING_ADDRESS }, env);
  return values.PILOTLESS_MONITORING_ADDRESS.replace(upToPort, '');
}

const upToPort = /^.*:/;

/** What this process was started with. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
