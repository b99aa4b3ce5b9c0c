import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { processEnvironment, readInjectSettings, templateHost } from '../functions/inject/config.ts';
import { type InjectorConfig, injectManifest, loadInjectorConfig, type WorkloadOutcome } from '../shared/inject/index.ts';
import { toKubeYaml } from '../shared/kube/to-yaml.ts';
import { parseKubeYamlDocuments } from '../shared/kube/yaml.ts';
import { ControlPlaneError } from '../shared/lib/error.ts';
import { exitCode } from './exit-code.ts';
import { type InjectFiles, problemText, readInjectTexts, readText } from './inject-files.ts';

interface InjectFlags extends InjectFiles {
  readonly filename: string;
  readonly output?: string;
  readonly revision?: string;
  readonly explain?: true;
}

const examples = `
Examples:
  # Put sidecars into a deployment and apply it
  pilotless inject -f deployment.yaml | kubectl apply -f -

  # With the mesh's own settings, as istioctl kube-inject reads them
  kubectl -n istio-system get cm istio -o jsonpath='{.data.mesh}' > mesh.yaml
  pilotless inject -f deployment.yaml --meshConfigFile mesh.yaml -o injected.yaml

  # Why was this pod (not) injected?
  kubectl get pod web-0 -o yaml | pilotless inject -f - --explain`;

/** `pilotless inject`: the webhook's work on manifests; flags as in `istioctl kube-inject`. */
export function injectCommand(): Command {
  return new Command('inject')
    .description('put sidecars into the workloads of Kubernetes manifests; everything else passes through unchanged')
    .requiredOption('-f, --filename <FILE>', 'manifest to read; - for standard input')
    .option('-o, --output <FILE>', 'where to write the result (default: standard output)')
    .option('--meshConfigFile <FILE>', 'MeshConfig in YAML (default: the built-in mesh configuration)')
    .option('--valuesFile <FILE>', 'Helm values of the injector, YAML or JSON (default: the built-in values)')
    .option('--injectConfigFile <FILE>', 'injection configuration: templates, selectors (default: the built-in templates)')
    .option('-r, --revision <NAME>', 'revision to write into the pods')
    .option('--explain', 'say for each workload why it is (not) injected, and write no manifest')
    .addHelpText('after', examples)
    .action(async (flags: InjectFlags) => {
      process.exitCode = await inject(flags);
    });
}

async function inject(flags: InjectFlags): Promise<number> {
  const config = await loadConfig(flags);
  const source = flags.filename === '-' ? await text(process.stdin) : await readText('-f', flags.filename);
  const { value: documents, problems } = parseKubeYamlDocuments(source, flags.filename === '-' ? 'standard input' : flags.filename);
  if (problems.length > 0) throw new ControlPlaneError('unreadable', problems.map(problemText).join('\n'));
  const outcomes = documents.map((document) => ({ document, outcome: injectManifest(document.value, config) }));
  const workloads = outcomes.flatMap(({ outcome }) => outcome.workloads);
  if (flags.explain) {
    await write(flags.output, workloads.map((outcome) => `${explain(outcome)}\n`).join(''));
    return workloads.some(({ error }) => error !== undefined) ? exitCode.no : exitCode.fine;
  }
  const failed = workloads.filter(({ error }) => error !== undefined);
  if (failed.length > 0) {
    process.stderr.write(failed.map((outcome) => `pilotless: ${explain(outcome)}\n`).join(''));
    return exitCode.no;
  }
  process.stderr.write(workloads.map(skipWarning).join(''));
  const printed = outcomes.map(({ document, outcome }) =>
    outcome.object === document.value ? asWritten(document.text) : toKubeYaml(outcome.object),
  );
  await write(flags.output, printed.map((document) => `${document}---\n`).join(''));
  return exitCode.fine;
}

function asWritten(document: string): string {
  return document.endsWith('\n') ? document : `${document}\n`;
}

async function loadConfig(flags: InjectFlags): Promise<InjectorConfig> {
  const { settings, problems: settingProblems } = readInjectSettings(processEnvironment());
  const { value, problems } = loadInjectorConfig({
    ...(await readInjectTexts(flags)),
    settings,
    host: templateHost(processEnvironment()),
    revision: flags.revision ?? '',
  });
  const all = [...settingProblems, ...problems];
  if (!value || settingProblems.length > 0) throw new ControlPlaneError('invalid-setting', all.map(problemText).join('\n'));
  process.stderr.write(all.map((problem) => `pilotless: ${problemText(problem)}\n`).join(''));
  return value;
}

async function write(path: string | undefined, output: string): Promise<void> {
  if (path === undefined) process.stdout.write(output);
  else await writeFile(path, output);
}

const reasons: Readonly<Record<string, string>> = {
  'host-network': 'has host networking enabled',
  'system-namespace': 'is in a namespace of the cluster itself',
  label: 'has label sidecar.istio.io/inject',
  annotation: 'has annotation sidecar.istio.io/inject',
  'policy-enabled': 'says nothing about injection, and the policy is enabled',
};

function explain({ workload, decision, error }: WorkloadOutcome): string {
  if (error !== undefined) return `${workload} cannot be injected: ${error.trimEnd()}`;
  const reason = decision && (reasons[decision.reason] ?? decision.reason);
  return `${workload} ${decision?.inject ? 'is injected' : 'is not injected'}: it ${reason}`;
}

/** In the words that users of istioctl know. */
function skipWarning({ workload, decision }: WorkloadOutcome): string {
  if (!decision || decision.inject) return '';
  const why = decision.reason === 'host-network' ? 'has host networking enabled' : 'has sidecar injection disabled';
  return `===> Skipping injection because ${workload} ${why}\n`;
}
