import { Command, InvalidArgumentError } from 'commander';
import { parsePort } from '../shared/lib/setting.ts';
import { type ServeFlags, serveOptions } from './serve/options.ts';
import { startPlatform } from './serve/platform.ts';
import { untilStopped } from './stop-signal.ts';

/** `pilotless serve`: everything in one process, until Ctrl-C or SIGTERM. */
export function serveCommand(): Command {
  return new Command('serve')
    .option('--webhook-port <port>', 'webhooks over TLS: /inject and /validate; 0 takes any free port (default: 15017)', portArgument)
    .option('--xds-port <port>', 'plaintext xDS; 0 takes any free port (default: 15010)', portArgument)
    .option('--monitoring-port <port>', '/healthz/ready, /metrics, /version; 0 takes any free port (default: 15014)', portArgument)
    .option('--bind <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--data-dir <dir>', 'where the development CA and the store lie (default: .pilotless)')
    .option('--from <dir|file>', 'Kubernetes objects of the mesh, as YAML or JSON (default: the bundled demo mesh)')
    .option('--meshConfigFile <file>', 'mesh config, as in istioctl kube-inject')
    .option('--valuesFile <file>', 'injection values, as in istioctl kube-inject')
    .option('--injectConfigFile <file>', 'inject config with policy and templates, as in istioctl kube-inject')
    .option('--revision <name>', 'control plane revision')
    .option('--json', 'log JSON lines instead of readable ones')
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const options = serveOptions(flags, process.env);
  const stop = untilStopped();
  const platform = await startPlatform(options, {
    env: process.env,
    now: () => new Date(),
    workingDirectory: process.cwd(),
    write: (text) => void process.stdout.write(text),
  });
  await stop;
  await platform.stop();
}

function portArgument(text: string): number {
  const port = parsePort(text);
  if (port === undefined) throw new InvalidArgumentError('give a port, 0 to 65535.');
  return port;
}
