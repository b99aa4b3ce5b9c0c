import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTool } from '../e2e/apiserver/tools.ts';
import { isLeftOut } from '../e2e/optional.ts';

const run = promisify(execFile);

/** Folder of the Terraform module. */
export const moduleFolder = new URL('../../infra/terraform/', import.meta.url).pathname;

export function isTerraformLeftOut(): boolean {
  return isLeftOut('terraform', findTool('terraform') !== undefined);
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One call of a program. */
export async function outcomeOf(program: string, args: readonly string[], cwd: string): Promise<Outcome> {
  try {
    const { stdout, stderr } = await run(program, [...args], { cwd, maxBuffer: 64 * 2 ** 20 });
    return { code: 0, stdout, stderr };
  } catch (caught) {
    const { code, stdout = '', stderr = '' } = caught as { readonly code?: unknown; readonly stdout?: string; readonly stderr?: string };
    if (typeof code !== 'number') throw caught;
    return { code, stdout, stderr };
  }
}

export function terraform(folder: string, ...args: readonly string[]): Promise<Outcome> {
  return outcomeOf(findTool('terraform') ?? 'terraform', args, folder);
}

/** A copy of the module that may be changed and worked in; gone at the end. */
export async function withModuleCopy<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pilotless-terraform-'));
  try {
    await cp(moduleFolder, folder, { recursive: true });
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
