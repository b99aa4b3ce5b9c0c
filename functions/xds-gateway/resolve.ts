import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { JsonObject } from '../../shared/lib/json.ts';

const resolveMs = 30_000;

/** Asks the snapshot function for a snapshot with a class for the node. @param url with its token, which no message of ours names. */
export async function resolveNode(url: string, node: JsonObject): Promise<void> {
  if (url === '') {
    throw new ControlPlaneError(
      'not-found',
      'nobody compiles for new classes: give the URL of the snapshot function (PILOTLESS_SNAPSHOT_URL)',
    );
  }
  const answer = await ask(url, node);
  if (!answer.ok)
    throw new ControlPlaneError('unavailable', `the snapshot function answered with status ${answer.status}`, { retryable: true });
}

async function ask(url: string, node: JsonObject): Promise<Response> {
  try {
    return await fetch(`${url}/resolve`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ node }),
      signal: AbortSignal.timeout(resolveMs),
    });
  } catch (cause) {
    const { name, message } = ControlPlaneError.from(cause instanceof Error && cause.cause !== undefined ? cause.cause : cause);
    throw new ControlPlaneError('unavailable', `the snapshot function cannot be reached (${name}: ${message})`, { retryable: true });
  }
}
