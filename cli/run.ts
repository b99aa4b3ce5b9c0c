import { Command, CommanderError, type OutputConfiguration } from 'commander';
import { ControlPlaneError } from '../shared/lib/error.ts';
import { build } from './build.ts';
import { exitCode } from './exit-code.ts';

/** A verb of the command line. Its file is loaded when it is called: `pilotless version` does not wait for the web server. */
interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

const verbs: readonly Verb[] = [
  {
    name: 'serve',
    summary: 'run the whole control plane in one process',
    load: async () => (await import('./serve.ts')).serveCommand(),
  },
  {
    name: 'gateway',
    summary: 'serve the snapshots of a store to proxies',
    load: async () => (await import('./gateway.ts')).gatewayCommand(),
  },
  {
    name: 'inject',
    summary: 'add sidecars to Kubernetes manifests, as istioctl kube-inject does',
    load: async () => (await import('./inject.ts')).injectCommand(),
  },
  {
    name: 'validate',
    summary: 'check Istio objects in Kubernetes manifests, as istioctl validate does',
    load: async () => (await import('./validate.ts')).validateCommand(),
  },
  {
    name: 'compile',
    summary: 'write the Envoy configuration that proxies get for Kubernetes manifests',
    load: async () => (await import('./compile.ts')).compileCommand(),
  },
  {
    name: 'try',
    summary: 'run what an Envoy on this machine needs to be seen at work with the demo mesh',
    load: async () => (await import('./try.ts')).tryCommand(),
  },
  {
    name: 'config',
    summary: 'store settings that the functions read',
    load: async () => (await import('./config.ts')).configCommand(),
  },
  {
    name: 'tag',
    summary: 'let a name stand for a revision',
    load: async () => (await import('./tag.ts')).tagCommand(),
  },
  {
    name: 'install',
    summary: 'print the webhook configurations and the role that a cluster needs',
    load: async () => (await import('./install.ts')).installCommand(),
  },
  {
    name: 'uninstall',
    summary: 'print the names of what install printed, for kubectl delete',
    load: async () => (await import('./install.ts')).uninstallCommand(),
  },
  {
    name: 'check',
    summary: 'say what is wrong with the endpoints of webhooks',
    load: async () => (await import('./check.ts')).checkCommand(),
  },
  {
    name: 'version',
    summary: 'show the version of this program',
    load: async () => (await import('./version.ts')).versionCommand(),
  },
];

/** Runs one command line (without the program's name) and gives the exit code. Never throws: trouble is one line on standard error. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const program = await commandLine(args);
    await program.parseAsync(args, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : exitCode.fine;
  } catch (caught) {
    if (caught instanceof CommanderError) return caught.exitCode === 0 ? exitCode.fine : exitCode.trouble;
    process.stderr.write(`${errorText(caught)}\n`);
    return exitCode.trouble;
  }
}

async function commandLine(args: readonly string[]): Promise<Command> {
  const program = new Command('pilotless')
    .description('Istio-compatible service-mesh control plane without istiod')
    .version(build.version, '-V, --version', 'show the version of this program')
    .configureOutput(oneLineErrors)
    .exitOverride();
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const called = first === 'help' ? second : first;
  for (const verb of verbs) {
    const command = verb.name === called ? inherit(await verb.load(), program) : new Command(verb.name);
    program.addCommand(command.description(verb.summary));
  }
  return program;
}

/** Commands that were made on their own fail and print as the program does, with all that is below them. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const below of command.commands) inherit(below, command);
  return command;
}

/** Commander puts its suggestion on a second line; ours is one line, and it says where to look. */
const oneLineErrors: OutputConfiguration = {
  outputError: (text, write) =>
    write(`pilotless: ${text.replace(leadingError, '').trim().replaceAll(lineBreak, ' ')} (pilotless --help lists what there is)\n`),
};
const leadingError = /^error: /;
const lineBreak = /\s*\n\s*/g;

/** Expected trouble is its sentence; a bug comes with its stack, because somebody has to find it. */
function errorText(caught: unknown): string {
  if (caught instanceof ControlPlaneError) return `pilotless: ${caught.message}`;
  return `pilotless: ${caught instanceof Error ? (caught.stack ?? caught.message) : String(caught)}`;
}
