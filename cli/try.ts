import { join, relative } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { parsePort } from '../shared/lib/setting.ts';
import { untilStopped } from './stop-signal.ts';
import { startSurroundings } from './try/surroundings.ts';

interface TryFlags {
  readonly xdsPort: number;
  readonly dataDir: string;
}

/** `pilotless try`: what an Envoy needs to be seen at work with the demo mesh, until Ctrl-C or SIGTERM. */
export function tryCommand(): Command {
  return new Command('try')
    .option('--xds-port <port>', 'where `pilotless serve` serves xDS on this machine', portArgument, 15010)
    .option('--data-dir <dir>', 'where the bootstrap of Envoy is written', '.pilotless')
    .action(tryDemo);
}

async function tryDemo({ xdsPort, dataDir }: TryFlags): Promise<void> {
  const stop = untilStopped();
  const surroundings = await startSurroundings({ directory: join(dataDir, 'try'), xdsPort, now: new Date() });
  process.stdout.write(`Three versions of try.example answer, and a certificate source waits for an Envoy. Next, in two more terminals:

  envoy -l error -c ${relative(process.cwd(), surroundings.bootstrapPath)}
  for i in $(seq 100); do curl -s -H 'Host: try.example' http://127.0.0.1:9100/; done | sort | uniq -c

Ctrl-C stops it.
`);
  await stop;
  await surroundings.close();
}

function portArgument(text: string): number {
  const port = parsePort(text);
  if (port === undefined || port === 0) throw new InvalidArgumentError('give a port, 1 to 65535.');
  return port;
}
