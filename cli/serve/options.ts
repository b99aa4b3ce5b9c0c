import { injectVariables } from '../../functions/inject/config.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import { choiceSetting, decodeSettings, portSetting, textSetting, wholeNumberSetting } from '../../shared/lib/setting.ts';
import { type LogLevel, logLevels } from '../../shared/observe/log.ts';

/** Where `serve` listens, what it reads and how it talks. */
export interface ServeOptions {
  readonly webhookPort: number;
  readonly xdsPort: number;
  readonly monitoringPort: number;
  readonly bind: string;
  readonly dataDir: string;
  /** Folder or file with the Kubernetes objects of the mesh; nothing for the bundled demo mesh. */
  readonly from: string | undefined;
  readonly meshConfigFile: string | undefined;
  readonly valuesFile: string | undefined;
  readonly injectConfigFile: string | undefined;
  readonly revision: string | undefined;
  readonly logFormat: 'json' | 'readable';
  readonly logLevel: LogLevel;
  /** How long requests in flight may take once the process was told to stop. */
  readonly drainMs: number;
}

/** Flags as commander gives them. A flag outranks its variable. */
export interface ServeFlags {
  readonly webhookPort?: number;
  readonly xdsPort?: number;
  readonly monitoringPort?: number;
  readonly bind?: string;
  readonly dataDir?: string;
  readonly from?: string;
  readonly meshConfigFile?: string;
  readonly valuesFile?: string;
  readonly injectConfigFile?: string;
  readonly revision?: string;
  readonly json?: true;
}

/** The variables that `serve` reads: those of injection, and its own. A flag outranks its variable. */
const serveVariables = {
  ...injectVariables,
  PILOTLESS_BIND: textSetting('an address to listen on', '127.0.0.1'),
  PILOTLESS_DATA_DIR: textSetting('a folder', '.pilotless'),
  PILOTLESS_DRAIN_SECONDS: wholeNumberSetting('whole seconds', 10),
  PILOTLESS_LOG_FORMAT: choiceSetting(['readable', 'json'], 'readable'),
  PILOTLESS_LOG_LEVEL: choiceSetting(logLevels, 'info'),
  PILOTLESS_MONITORING_PORT: portSetting(15014),
  PILOTLESS_WEBHOOK_PORT: portSetting(15017),
  PILOTLESS_XDS_PORT: portSetting(15010),
};

/** @throws ControlPlaneError `invalid-setting` that names every wrong variable. */
export function serveOptions(flags: ServeFlags, env: Readonly<Record<string, string | undefined>>): ServeOptions {
  const { values, problems } = decodeSettings(serveVariables, env);
  if (problems.length > 0) throw new ControlPlaneError('invalid-setting', problems.join('\n'));
  return {
    webhookPort: flags.webhookPort ?? values.PILOTLESS_WEBHOOK_PORT,
    xdsPort: flags.xdsPort ?? values.PILOTLESS_XDS_PORT,
    monitoringPort: flags.monitoringPort ?? values.PILOTLESS_MONITORING_PORT,
    bind: flags.bind ?? values.PILOTLESS_BIND,
    dataDir: flags.dataDir ?? values.PILOTLESS_DATA_DIR,
    from: flags.from,
    meshConfigFile: flags.meshConfigFile,
    valuesFile: flags.valuesFile,
    injectConfigFile: flags.injectConfigFile,
    revision: flags.revision,
    logFormat: flags.json ? 'json' : values.PILOTLESS_LOG_FORMAT,
    logLevel: values.PILOTLESS_LOG_LEVEL,
    drainMs: values.PILOTLESS_DRAIN_SECONDS * 1000,
  };
}
