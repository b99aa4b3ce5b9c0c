import { readFile } from 'node:fs/promises';
import type { InjectorTexts } from '../shared/inject/index.ts';
import { ControlPlaneError } from '../shared/lib/error.ts';
import type { Problem } from '../shared/lib/problem.ts';

/** The files that describe an injector, by their flags. */
export interface InjectFiles {
  readonly meshConfigFile?: string | undefined;
  readonly valuesFile?: string | undefined;
  readonly injectConfigFile?: string | undefined;
}

export async function readInjectTexts({ meshConfigFile, valuesFile, injectConfigFile }: InjectFiles): Promise<InjectorTexts> {
  return {
    ...(meshConfigFile !== undefined && { meshConfigText: await readText('--meshConfigFile', meshConfigFile) }),
    ...(valuesFile !== undefined && { valuesText: await readText('--valuesFile', valuesFile) }),
    ...(injectConfigFile !== undefined && { injectConfigText: await readText('--injectConfigFile', injectConfigFile) }),
  };
}

/** @throws ControlPlaneError that names file, cause and flag. */
export async function readText(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (caught) {
    const { message } = ControlPlaneError.from(caught);
    throw new ControlPlaneError('unreadable', `${path} cannot be read (${message}); give a readable file with ${flag}`, { cause: caught });
  }
}

export function problemText({ object, path, message }: Problem): string {
  return [object, path, message].filter((part) => part !== '').join(': ');
}
