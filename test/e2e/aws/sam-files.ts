import { readFile } from 'node:fs/promises';

const folder = new URL('../../../infra/sam/', import.meta.url);

/** An event as `sam local invoke -e` takes it. */
export async function samEvent(name: string): Promise<object> {
  return JSON.parse(await readFile(new URL(`events/${name}.json`, folder), 'utf8')) as object;
}

/** Variables of a function as `sam local invoke --env-vars` takes them. */
export async function samVariables(name: 'Inject' | 'Validate' | 'Snapshot'): Promise<Readonly<Record<string, string>>> {
  const all = JSON.parse(await readFile(new URL('local.json', folder), 'utf8')) as Record<string, Record<string, string>>;
  return all[name] ?? {};
}
