import { Command } from 'commander';
import { readGatewaySettings } from '../functions/xds-gateway/config.ts';
import { runGateway } from '../functions/xds-gateway/run.ts';
import { build } from './build.ts';
import { untilStopped } from './stop-signal.ts';

interface GatewayFlags {
  readonly store?: string;
  readonly cacheDir?: string;
  readonly xds?: string;
  readonly monitoring?: string;
  readonly snapshotUrl?: string;
}

const examples = `
Examples:
  # Serve what the snapshot function publishes, also while the bucket is away
  pilotless gateway --store s3://mesh-snapshots/production --cache-dir /var/cache/pilotless`;

/** `pilotless gateway`: the xDS gateway alone, as its container runs it. */
export function gatewayCommand(): Command {
  return new Command('gateway')
    .option('--store <PLACE>', 'store with the snapshots: s3://BUCKET/FOLDER or file:FOLDER (or PILOTLESS_STORE)')
    .option('--cache-dir <DIR>', 'copy of the last good snapshot, to start with while the store is away (or PILOTLESS_CACHE_DIR)')
    .option('--xds <HOST:PORT>', 'plaintext xDS (or PILOTLESS_XDS_ADDRESS; default: 127.0.0.1:15010)')
    .option('--monitoring <HOST:PORT>', 'health, metrics, debug (or PILOTLESS_MONITORING_ADDRESS; default: 127.0.0.1:15014)')
    .option('--snapshot-url <URL>', 'snapshot function, asked for unknown classes (or PILOTLESS_SNAPSHOT_URL)')
    .addHelpText('after', examples)
    .action(serveGateway);
}

async function serveGateway({ store, cacheDir, xds, monitoring, snapshotUrl }: GatewayFlags): Promise<void> {
  const flags = {
    PILOTLESS_STORE: store,
    PILOTLESS_CACHE_DIR: cacheDir,
    PILOTLESS_XDS_ADDRESS: xds,
    PILOTLESS_MONITORING_ADDRESS: monitoring,
    PILOTLESS_SNAPSHOT_URL: snapshotUrl,
  };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const stop = untilStopped();
  const gateway = await runGateway(readGatewaySettings({ ...process.env, ...given }), {
    build,
    write: (text) => void process.stdout.write(text),
  });
  await stop;
  gateway.close();
}
