import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isLeftOut } from '../e2e/optional.ts';
import { hasPython, pythonVenv } from '../e2e/python-program.ts';
import type { ResourceBlock } from './provider-schema.ts';
import { type Outcome, outcomeOf } from './terraform.ts';

const run = promisify(execFile);

export function isCheckovLeftOut(): boolean {
  return isLeftOut('checkov', hasPython());
}

/** Installed at the first call. */
export function checkovVenv(): Promise<string> {
  return pythonVenv({ venv: 'checkov', packages: ['checkov==3.3.30'] });
}

/** Checkov's findings about a folder; comments `#checkov:skip=ID:reason` take one out. */
export async function checkov(folder: string): Promise<Outcome> {
  const args = ['-d', folder, '--framework', 'terraform', '--quiet', '--compact', '--skip-download'];
  return outcomeOf(join(await checkovVenv(), 'bin/checkov'), args, folder);
}

/** Prints all resource blocks of a folder's files; checkov brings the parser. */
const printResources = `
import glob, hcl2, json, sys
found = []
for path in sorted(glob.glob(sys.argv[1] + '/*.tf')):
    for resource in hcl2.load(open(path)).get('resource', []):
        for type, named in resource.items():
            found += [dict(type=type, name=name, body=body) for name, body in named.items()]
print(json.dumps(found))
`;

export async function resourcesOf(folder: string): Promise<readonly ResourceBlock[]> {
  const { stdout } = await run(join(await checkovVenv(), 'bin/python'), ['-c', printResources, folder], { maxBuffer: 64 * 2 ** 20 });
  return JSON.parse(stdout);
}
