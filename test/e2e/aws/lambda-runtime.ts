import { execFile } from 'node:child_process';
import { access, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTool } from '../apiserver/tools.ts';
import { isLeftOut } from '../optional.ts';
import { hasPython, onceInCache, pythonVenv, toolCache } from '../python-program.ts';
import { motoPackages } from './moto.ts';

const run = promisify(execFile);

/** Lambda's runtime as Amazon publishes it, apart from the container: the emulator of its service, and the client that runs Node handlers. */
export interface LambdaRuntime {
  /** Program of the emulator. */
  readonly emulator: string;
  /** Script of the client. */
  readonly client: string;
}

/** The client has a native part that is compiled where it is installed. */
export function isLambdaLeftOut(): boolean {
  const hasCompiler = ['cmake', 'g++', 'make'].every((name) => findTool(name) !== undefined);
  return isLeftOut('lambda runtime', process.platform === 'linux' && process.arch === 'x64' && hasPython() && hasCompiler);
}

/** Installs both at the first call. */
export async function lambdaRuntime(): Promise<LambdaRuntime> {
  const [emulator, client] = [await installedEmulator(), await installedClient()];
  return { emulator, client };
}

const samCli = 'aws-sam-cli==1.170.0';
const emulatorName = 'aws-lambda-rie-x86_64';

/** The emulator is one file in a package whose dependencies nothing else here needs. */
async function installedEmulator(): Promise<string> {
  const folder = join(toolCache(), 'aws-lambda-rie');
  const program = join(folder, emulatorName);
  await onceInCache({
    lock: `${folder}.lock`,
    isDone: () => isThere(program),
    make: async () => {
      const python = join(await pythonVenv(motoPackages), 'bin/python3');
      await mkdir(folder, { recursive: true });
      await run(python, ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', folder, samCli]);
      await run(python, ['-c', unpack, folder, `samcli/local/rapid/${emulatorName}`, `${program}.new`]);
      await chmod(`${program}.new`, 0o755);
      await run('mv', [`${program}.new`, program]);
    },
  });
  return program;
}

const unpack = `
import glob, shutil, sys, zipfile
with zipfile.ZipFile(glob.glob(sys.argv[1] + '/*.whl')[0]) as wheel, wheel.open(sys.argv[2]) as source, open(sys.argv[3], 'wb') as target:
    shutil.copyfileobj(source, target)
`;

const clientRelease = 'aws-lambda-ric@4.0.2';

async function installedClient(): Promise<string> {
  const folder = join(toolCache(), 'aws-lambda-ric');
  const installed = join(folder, 'node_modules/aws-lambda-ric');
  await onceInCache({
    lock: `${folder}.lock`,
    isDone: () => isThere(join(installed, 'rapid-client.node')),
    make: async () => {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'package.json'), '{"private": true, "allowScripts": {"aws-lambda-ric": true}}\n');
      await run('npm', ['install', '--no-audit', '--no-fund', clientRelease], { cwd: folder, maxBuffer: 64 * 2 ** 20 });
    },
  });
  return join(installed, 'index.mjs');
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
