import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServeProcess } from './serve-process.ts';
import type { WebhookClient } from './webhook-configuration.ts';

/** `pilotless serve` with its webhook's address as an API server needs it. */
export interface RunningInjector extends WebhookClient {
  /** Without the path of a webhook. */
  readonly baseUrl: string;
  /** As Prometheus reads them. */
  metrics(): Promise<string>;
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
    const metrics = async () => (await fetch(`${monitoring}/metrics`)).text();
    return {
      url: `${webhooks}/inject`,
      baseUrl: webhooks ?? '',
      metrics,
      caPem: await readFile(join(dataDir, 'ca/root-cert.pem'), 'utf8'),
      requests: async () => injectionRequests(await metrics()),
      stop: () => process.stop(),
    };
  } catch (caught) {
    await process.stop();
    throw caught;
  }
}

function injectionRequests(metrics: string): number {
  return Number(metrics.match(/^sidecar_injection_requests_total (\d+)$/m)?.[1]);
}
