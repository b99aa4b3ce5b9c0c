import { Command, InvalidArgumentError, Option } from 'commander';
import { toKubeYaml } from '../shared/kube/to-yaml.ts';
import { readText } from './inject-files.ts';
import { explanation } from './install/explain.ts';
import { installedObjects, type KubeObject } from './install/objects.ts';
import { readerObjects } from './install/rbac.ts';
import type { FailurePolicy, InstallSettings } from './install/settings.ts';

interface InstallFlags {
  readonly injectUrl: string;
  readonly validateUrl?: string;
  readonly token?: string;
  readonly revision: string;
  readonly cluster?: string;
  readonly network?: string;
  readonly caFile?: string;
  readonly failurePolicy: FailurePolicy;
  readonly output: OutputFormat;
  readonly dryRun?: true;
}

type OutputFormat = 'yaml' | 'json';

const examples = `
Examples:
  # Let a cluster's API server call the functions
  pilotless install --inject-url https://abc.lambda-url.eu-central-1.on.aws --validate-url https://def.lambda-url.eu-central-1.on.aws \\
    --token "$TOKEN" | kubectl apply -f -

  # What would that be, in words?
  pilotless install --inject-url https://abc.lambda-url.eu-central-1.on.aws --dry-run`;

/** `pilotless install`: prints what a cluster needs; applying it is left to kubectl, Argo CD or Terraform. */
export function installCommand(): Command {
  return new Command('install')
    .description('print the webhook configurations and the role that a cluster needs; apply them with kubectl')
    .requiredOption('--inject-url <URL>', 'URL of the injection function', parseBaseUrl)
    .option('--validate-url <URL>', 'URL of the validation function (default: that of the injection function)', parseBaseUrl)
    .option('--token <TOKEN>', 'path token that the functions ask for', parseToken)
    .addOption(revisionOption())
    .option('--cluster <ID>', 'cluster of the pods, for ISTIO_META_CLUSTER_ID')
    .option('--network <NAME>', 'network of the pods, for ISTIO_META_NETWORK')
    .option('--ca-file <FILE>', 'certificates to trust, PEM; only for endpoints without a publicly trusted certificate')
    .addOption(
      new Option('--failure-policy <POLICY>', 'what the API server does when nobody answers').choices(['Fail', 'Ignore']).default('Fail'),
    )
    .addOption(outputOption())
    .option('--dry-run', 'say in words what each object does, and print none')
    .addHelpText('after', examples)
    .action(install);
}

/** `pilotless uninstall`: the same objects by name, for `kubectl delete -f -`. */
export function uninstallCommand(): Command {
  return new Command('uninstall')
    .description('print the names of what install printed; delete them with kubectl delete --ignore-not-found -f -')
    .addOption(revisionOption())
    .option('--purge', 'also the role, which all revisions share')
    .addOption(outputOption())
    .action(uninstall);
}

function revisionOption(): Option {
  return new Option('-r, --revision <NAME>', 'revision that namespaces and pods name in label istio.io/rev')
    .default('default')
    .argParser(parseRevision);
}

function outputOption(): Option {
  return new Option('-o, --output <FORMAT>', 'how to print').choices(['yaml', 'json']).default('yaml');
}

async function install(flags: InstallFlags): Promise<void> {
  const { injectUrl, validateUrl = injectUrl, token, revision, cluster, network, caFile, failurePolicy } = flags;
  const settings: InstallSettings = {
    injectUrl,
    validateUrl,
    revision,
    failurePolicy,
    ...(token !== undefined && { token }),
    ...(cluster !== undefined && { cluster }),
    ...(network !== undefined && { network }),
    ...(caFile !== undefined && { caPem: await readText('--ca-file', caFile) }),
  };
  const objects = installedObjects(settings);
  if (!flags.dryRun) return print(objects, flags.output);
  for (const { kind, metadata } of objects) process.stdout.write(`${kind} ${metadata.name}: ${explanation(kind, settings)}\n`);
}

const anyUrl = 'https://any.invalid';

function uninstall({ revision, purge, output }: { readonly revision: string; readonly purge?: true; readonly output: OutputFormat }): void {
  const objects = installedObjects({ revision, injectUrl: anyUrl, validateUrl: anyUrl, failurePolicy: 'Ignore' });
  const own = purge ? objects : objects.filter((object) => !readerObjects.includes(object));
  print(
    own.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata: { name: metadata.name } })),
    output,
  );
}

function print(objects: readonly KubeObject[], format: OutputFormat): void {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  process.stdout.write(format === 'json' ? `${JSON.stringify(list, undefined, 2)}\n` : objects.map(toKubeYaml).join('---\n'));
}

const finalSlashes = /\/+$/;

/** The API server calls nothing but https, and its URLs hold neither user, query nor fragment. */
function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isPlain)
    throw new InvalidArgumentError(
      'give an https URL without user, query and fragment, for example https://abc.lambda-url.eu-central-1.on.aws',
    );
  return text.replace(finalSlashes, '');
}

const urlSafe = /^[A-Za-z0-9_-]{16,}$/;

function parseToken(text: string): string {
  if (!urlSafe.test(text)) throw new InvalidArgumentError('give at least 16 letters, digits, - and _');
  return text;
}

/** Names of Kubernetes objects end with it. */
const revisionForm = /^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$/;

function parseRevision(text: string): string {
  if (!revisionForm.test(text)) throw new InvalidArgumentError('give lower-case letters, digits and -, for example canary');
  return text;
}
