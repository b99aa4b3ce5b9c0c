import { Command } from 'commander';
import { processEnvironment, readInjectSettings, templateHost } from '../functions/inject/config.ts';
import { loadInjectorConfig } from '../shared/inject/index.ts';
import { encodeTexts, revisionKey } from '../shared/inject/stored-config.ts';
import { ControlPlaneError } from '../shared/lib/error.ts';
import { replaceHead } from '../shared/store/replace.ts';
import type { Store } from '../shared/store/store.ts';
import { type InjectFiles, problemText, readInjectTexts } from './inject-files.ts';
import { storeOption } from './store-option.ts';

interface PutFlags extends InjectFiles {
  readonly store: Store;
  readonly revision: string;
}

const examples = `
Examples:
  # What the injection function shall use from now on (functions look within 10 seconds)
  pilotless config put --store file:/var/lib/pilotless --meshConfigFile mesh.yaml --valuesFile values.yaml

  # A second revision beside it, for namespaces labelled istio.io/rev=canary
  pilotless config put --store file:/var/lib/pilotless --revision canary --injectConfigFile inject.yaml`;

/** `pilotless config`: the stored settings of the injection function. */
export function configCommand(): Command {
  const put = new Command('put')
    .description('store mesh configuration, values and templates of a revision, after checking them')
    .addOption(storeOption())
    .option('-r, --revision <NAME>', 'revision that they belong to', 'default')
    .option('--meshConfigFile <FILE>', 'MeshConfig in YAML')
    .option('--valuesFile <FILE>', 'Helm values of the injector, YAML or JSON')
    .option('--injectConfigFile <FILE>', 'injection configuration: templates, selectors')
    .addHelpText('after', examples)
    .action(putConfig);
  return new Command('config').description('settings that the functions read from a store').addCommand(put);
}

async function putConfig(flags: PutFlags): Promise<void> {
  const texts = await readInjectTexts(flags);
  const { settings } = readInjectSettings({});
  const { value, problems } = loadInjectorConfig({
    ...texts,
    settings,
    host: templateHost(processEnvironment()),
    revision: flags.revision,
  });
  if (!value) throw new ControlPlaneError('invalid-setting', problems.map(problemText).join('\n'));
  process.stderr.write(problems.map((problem) => `pilotless: ${problemText(problem)}\n`).join(''));
  await replaceHead(flags.store, revisionKey(flags.revision), encodeTexts(texts));
  process.stdout.write(`revision ${flags.revision} is stored; functions use it within 10 seconds\n`);
}
