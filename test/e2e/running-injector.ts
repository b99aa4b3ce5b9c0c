import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServeProcess } from './serve-process.ts';
import type { WebhookClient } from './webhook-configuration.ts';

/** `pilotless serve` with its webhook's address as an API server needs it. */
export interface RunningInjector extends WebhookClient {
  /** How many reviews it was sent. */
  requests(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts it with an empty mesh and the built-in configuration; its data lie in the directory. */
export async function startInjector(directory: string): Promise<RunningInjector> {
  const [dataDir, mesh] = [join(directory, 'data'), join(directory, 'mesh.yaml')];
  await writeFile(mesh, 'apiVersion: v1\nkind: Service\nmetadata: {name: only}\n');
  const process = new ServeProcess(['--data-dir', dataDir, '--from', mesh]);
  try {
    const [, webhooks] = await process.printed(/webhooks\s+(https:\/\/\S+)/);
    const [, monitoring] = await process.printed(/monitoring\s+(http:\/\/\S+)/);
    return {
      url: `${webhooks}/inject`,
      caPem: await readFile(join(dataDir, 'ca/root-cert.pem'), 'utf8'),
      requests: () => counted(`${monitoring}/metrics`),
      stop: () => process.stop(),
    };
  } catch (caught) {
    await process.stop();
    throw caught;
  }
}

async function counted(url: string): Promise<number> {
  const metrics = await (await fetch(url)).text();
  return Number(metrics.match(/^sidecar_injection_requests_total (\d+)$/m)?.[1]);
}
