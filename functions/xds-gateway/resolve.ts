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
  const { ok, status } = await ask(new URL(`${url}/resolve`), JSON.stringify({ node }));
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
