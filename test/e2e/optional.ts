import { readFileSync } from 'node:fs';

/** Parts that a machine may lack, each with the reason why a run without it is all right. */
const optional: Readonly<Record<string, string>> = JSON.parse(readFileSync(new URL('../optional.json', import.meta.url), 'utf8'));

/**
 * Whether a part is left out because this machine cannot run it: said in one line. Under `CI=true` only what test/optional.json names may be left
 * out; anything else fails.
 */
export function isLeftOut(part: string, isHere: boolean): boolean {
  if (isHere) return false;
  const reason = optional[part];
  if (process.env['CI'] === 'true' && reason === undefined)
    throw new Error(`${part} is not here, and test/optional.json does not allow that`);
  console.log(`left out: ${part} (${reason ?? 'not on this machine'})`);
  return true;
}
