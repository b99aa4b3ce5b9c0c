import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, writeBundle } from './bundle.ts';

const gateway = fileURLToPath(new URL('../functions/xds-gateway', import.meta.url));

/** Puts what the gateway's container holds into a folder: the gateway, and its health check. */
export async function writeContainer(folder: string): Promise<void> {
  const main = await bundle({ entry: join(gateway, 'main.ts'), plugins: [] });
  const health = await bundle({ entry: join(gateway, 'health.ts'), plugins: [] });
  const check = health.files.get('index.mjs') ?? new Uint8Array();
  await writeBundle({ files: new Map([...health.files, ...main.files, ['health.mjs', check]]) }, folder);
}
