import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { compile } from '../shared/compile/compile.ts';
import { ControlPlaneError } from '../shared/lib/error.ts';
import type { Problem } from '../shared/lib/problem.ts';
import { classKeyOf } from '../shared/snapshot/projection.ts';
import type { CompiledSnapshot } from '../shared/snapshot/snapshot.ts';
import { dumpClass, dumpText } from './compile/dump.ts';
import { type NamedNode, readProxies, readWorld } from './compile/inputs.ts';
import { exitCode } from './exit-code.ts';

interface CompileFlags {
  readonly filename: string;
  readonly proxies: string;
  readonly out: string;
  readonly meshConfigFile?: string;
  readonly meshNetworksFile?: string;
  readonly features?: string;
  readonly showSecrets?: boolean;
}

const examples = `
The proxies are a list of xDS nodes, as Envoy sends them:
  proxies:
  - name: web
    node: {id: sidecar~10.0.0.1~web-1.shop~shop.svc.cluster.local, metadata: {NAMESPACE: shop, CLUSTER_ID: Kubernetes}}

Examples:
  # What does every proxy of proxies.yaml get? One folder each below out/
  pilotless compile -f manifests/ --proxies proxies.yaml --out out

  # With the mesh's own settings
  kubectl -n istio-system get cm istio -o jsonpath='{.data.mesh}' > mesh.yaml
  pilotless compile -f manifests/ --meshConfigFile mesh.yaml --proxies proxies.yaml --out out`;

/** `pilotless compile`: what each proxy gets for some manifests, as JSON files; nothing is published. */
export function compileCommand(): Command {
  return new Command('compile')
    .description('write the Envoy configuration that proxies get for Kubernetes manifests')
    .requiredOption('-f, --filename <PATH>', 'manifests: a file, or a folder of *.yaml and *.json')
    .requiredOption('--proxies <FILE>', 'proxies to compile for, YAML')
    .requiredOption('--out <DIR>', 'where to write: DIR/PROXY/{clusters,endpoints,listeners,routes,nametable,…}.json')
    .option('--meshConfigFile <FILE>', 'MeshConfig in YAML (default: the built-in mesh configuration)')
    .option('--meshNetworksFile <FILE>', 'MeshNetworks in YAML (default: one network)')
    .option('--features <FILE>', "istiod's environment that changes what proxies get: a JSON object, name to text")
    .option('--show-secrets', 'write secrets.json too, private keys included')
    .addHelpText('after', examples)
    .action(async (flags: CompileFlags) => {
      process.exitCode = await compileFiles(flags);
    });
}

async function compileFiles(flags: CompileFlags): Promise<number> {
  const proxies = readProxies(await readText('--proxies', flags.proxies));
  if (!proxies.ok) throw new ControlPlaneError('unreadable', `${flags.proxies} ${proxies.error}`);
  const { value: world, problems } = await readWorld(flags.filename, {
    ...(flags.meshConfigFile !== undefined && { meshConfig: await readText('--meshConfigFile', flags.meshConfigFile) }),
    ...(flags.meshNetworksFile !== undefined && { meshNetworks: await readText('--meshNetworksFile', flags.meshNetworksFile) }),
    ...(flags.features !== undefined && { features: await readText('--features', flags.features) }),
  });
  const nodes = proxies.value.map(({ node }) => node);
  const { snapshot } = compile(world, nodes);
  process.stderr.write([...problems, ...snapshot.problems].map((problem) => `pilotless: ${problemText(problem)}\n`).join(''));
  const written = await Promise.all(proxies.value.map((proxy) => writeProxy(flags, proxy, snapshot)));
  return written.every((isWritten) => isWritten) ? exitCode.fine : exitCode.no;
}

/** False for a node that nothing can be compiled for; the reason is among the problems. */
async function writeProxy(
  { out, showSecrets = false }: Pick<CompileFlags, 'out' | 'showSecrets'>,
  { name, node }: NamedNode,
  snapshot: CompiledSnapshot,
): Promise<boolean> {
  const found = snapshot.classes.get(classKeyOf(snapshot.projection, node));
  if (found === undefined) return false;
  const folder = join(out, name);
  await mkdir(folder, { recursive: true });
  const files = [...dumpClass(found, snapshot.bodies, { showsSecrets: showSecrets })];
  await Promise.all(
    files.map(([file, resources]) =>
      writeFile(join(folder, `${file}.json`), dumpText(resources), file === 'secrets' ? { mode: 0o600 } : {}),
    ),
  );
  return true;
}

async function readText(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (caught) {
    const { message } = ControlPlaneError.from(caught);
    throw new ControlPlaneError('unreadable', `${path} cannot be read (${message}); give a readable file with ${flag}`, { cause: caught });
  }
}

function problemText({ object, path, message }: Problem): string {
  return [object, path, message].filter((part) => part !== '').join(': ');
}
