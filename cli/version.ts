import { Command, Option } from 'commander';
import { build } from './build.ts';

/** `pilotless version`. */
export function versionCommand(): Command {
  return new Command('version')
    .addOption(
      new Option('-o, --output <format>', 'short: one line; json: as istioctl shows its own version')
        .choices(['short', 'json'])
        .default('short'),
    )
    .action(({ output }: { readonly output: 'short' | 'json' }) => {
      const { version, gitRevision, status } = build;
      const json = { clientVersion: { version, revision: gitRevision, status } };
      process.stdout.write(`${output === 'json' ? JSON.stringify(json, undefined, 2) : version}\n`);
    });
}
