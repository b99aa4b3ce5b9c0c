import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LeftOut } from './bench.ts';

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

const podsUrl = new URL('../../../shared/bench/pods/', import.meta.url);

export const podSizes = ['small', 'large'] as const;
export type PodSize = (typeof podSizes)[number];

/** The recorded review of a pod: small has 1 container, large 10 and an init container. */
export async function reviewBody(size: PodSize): Promise<Buffer> {
  try {
    return await readFile(new URL(`req-${size}.json`, podsUrl));
  } catch {
    throw new LeftOut(
      `${fileURLToPath(podsUrl)}req-${size}.json is not there: the reviews of the injection figures lie beside the checkout`,
    );
  }
}
