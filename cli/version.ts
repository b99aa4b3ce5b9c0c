import { Command } from 'commander';
import { build } from './build.ts';

/** `pilotless version`. */
export function versionCommand(): Command {
  return new Command('version')
    .option('-o, --output <format>', 'json, or short for one line', 'short')
    .action(({ output }: { readonly output: string }) => {
      const { version, gitRevision, status } = build;
      process.stdout.write(
        output === 'json'
          ? `${JSON.stringify({ clientVersion: { version, revision: gitRevision, status } }, undefined, 2)}\n`
          : `${version}\n`,
      );
    });
}
