import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, writeFile } from 'node:fs/promises';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { envoyBinary } from './envoy-binary.ts';

/** What Envoy says of a static configuration, written to the path: `accepted`, or why not. */
export async function validate(config: JsonObject, path: string): Promise<string> {
  await writeFile(path, JSON.stringify(config));
  // Access logs go to /dev/stdout, which Envoy opens by that name: it has to be a file, not a socket to us.
  const log = await open(`${path}.log`, 'w');
  try {
    const args = ['--mode', 'validate', '-l', 'critical', '--disable-hot-restart', '-c', path];
    const child = spawn(await envoyBinary(), args, { stdio: ['ignore', log.fd, log.fd] });
    const [code] = await once(child, 'exit');
    return code === 0 ? 'accepted' : await readFile(`${path}.log`, 'utf8');
  } finally {
    await log.close();
  }
}

/** A plain upstream Envoy in the place of a proxy: it lists its extensions, and Istio's are not among them. */
export function asPlainEnvoy(node: JsonObject): JsonObject {
  return { ...node, extensions: [{ name: 'envoy.filters.http.router', category: 'envoy.filters.http' }] };
}
