// The gateway as a process of its own: the entry of the container.
import packageJson from '../../package.json' with { type: 'json' };
import { ControlPlaneError } from '../../shared/lib/error.ts';
import { processEnvironment, readGatewaySettings } from './config.ts';
import { runGateway } from './run.ts';

const build = { version: packageJson.version, gitRevision: 'unknown', status: 'unknown' };

try {
  const gateway = await runGateway(readGatewaySettings(processEnvironment()), { build, write: (text) => void process.stdout.write(text) });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => gateway.close());
} catch (caught) {
  process.stderr.write(`pilotless gateway: ${ControlPlaneError.from(caught).message}\n`);
  process.exitCode = 2;
}
