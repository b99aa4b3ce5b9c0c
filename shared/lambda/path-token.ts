import type { HeldTokens } from './held-tokens.ts';

/** Where a request may go. */
export type Admittance =
  | {
      readonly kind: 'open';
      /** What the app is asked for. */
      readonly path: string;
      /** What stood before it. */
      readonly prefix: string;
    }
  /** Nobody can be let in before the tokens were read once. */
  | { readonly kind: 'not-ready' };

const tokenPath = /^\/t\/(?<token>[^/]*)(?<path>\/.*)$/s;

/** No app has it: who has no token gets what is said of an unknown path, byte for byte. */
const nowhere = '/';

/**
 * Takes the token off a path (`/t/TOKEN/inject…`). Without configured tokens every path is open as it is. The token routes to one mesh and is a fuse for costs; it
 * is no secret, because API servers print webhook URLs in events.
 */
export async function openDoor(rawPath: string, tokens: HeldTokens | undefined, signal: AbortSignal): Promise<Admittance> {
  if (tokens === undefined) return { kind: 'open', path: rawPath, prefix: '' };
  const { token = '', path = nowhere } = tokenPath.exec(rawPath)?.groups ?? {};
  const verdict = await tokens.check(token, signal);
  if (verdict === 'not-ready') return { kind: 'not-ready' };
  return verdict === 'valid' ? { kind: 'open', path, prefix: `/t/${token}` } : { kind: 'open', path: nowhere, prefix: '' };
}
