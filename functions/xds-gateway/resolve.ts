import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { JsonObject } from '../../shared/lib/json.ts';
import { signature } from './sign.ts';

const resolveMs = 30_000;

/** `abc.lambda-url.eu-central-1.on.aws`. */
const functionHost = /\.lambda-url\.(?<region>[a-z0-9-]+)\.on\.aws$/;

/** Asks the snapshot function for a snapshot with a class for the node; a function URL of AWS is asked in the name of this process' role. */
export async function resolveNode(url: string, node: JsonObject): Promise<void> {
  if (url === '') {
    throw new ControlPlaneError(
      'not-found',
      'nobody compiles for new classes: give the URL of the snapshot function (PILOTLESS_SNAPSHOT_URL)',
    );
  }
  await call(`${url}/resolve`, { node });
}

/** Nodes are some KB each, and a function takes 6 MB. */
const nodesAtOnce = 200;

/** Tells the snapshot function which classes are in use; nobody where there is none. */
export async function tellSeen(url: string, nodes: readonly JsonObject[]): Promise<void> {
  for (let from = 0; url !== '' && from < nodes.length; from += nodesAtOnce)
    await call(`${url}/seen`, { nodes: nodes.slice(from, from + nodesAtOnce) });
}

async function call(url: string, value: object): Promise<void> {
  const { ok, status } = await ask(new URL(url), JSON.stringify(value));
  if (ok) return;
  const hint = status === 403 ? '; does the role allow lambda:InvokeFunctionUrl and lambda:InvokeFunction?' : '';
  throw new ControlPlaneError('unavailable', `the snapshot function answered with status ${status}${hint}`, { retryable: true });
}

async function ask(url: URL, body: string): Promise<Response> {
  try {
    const headers = { 'content-type': 'application/json', ...(await signed(url, body)) };
    return await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(resolveMs) });
  } catch (caught) {
    const { message } = ControlPlaneError.from(caught instanceof Error && caught.cause !== undefined ? caught.cause : caught);
    throw new ControlPlaneError('unavailable', `the snapshot function at ${url.host} cannot be reached: ${message}`, { retryable: true });
  }
}

async function signed(url: URL, body: string): Promise<Readonly<Record<string, string>>> {
  const { region } = functionHost.exec(url.hostname)?.groups ?? {};
  if (region === undefined) return {};
  const { S3Client } = await import('@aws-sdk/client-s3');
  // Every client of the SDK finds the role's credentials; the one for S3 is there anyway.
  const credentials = await new S3Client({ region }).config.credentials();
  return signature({ method: 'POST', url, body, region, service: 'lambda', now: new Date() }, credentials);
}
