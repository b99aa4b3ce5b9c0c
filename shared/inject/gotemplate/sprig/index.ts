import type { FunctionTable } from '../function.ts';
import { dateFunctions } from './date.ts';
import { encodingFunctions } from './encoding.ts';
import { listFunctions } from './list.ts';
import { logicFunctions } from './logic.ts';
import { mapFunctions } from './map.ts';
import { numberFunctions } from './number.ts';
import { pathFunctions } from './path.ts';
import { refusedFunctions } from './refused.ts';
import { regexpFunctions } from './regexp.ts';
import { semverFunctions } from './semver.ts';
import { splitFunctions } from './split.ts';
import { textFunctions } from './text.ts';
import { urlFunctions } from './url.ts';

/**
 * The functions of Masterminds/sprig v3 for text templates. `nowMs` is the clock, in milliseconds since 1970.
 * @see https://masterminds.github.io/sprig/
 */
export function sprig({ nowMs }: { readonly nowMs: () => number }): FunctionTable {
  return new Map([
    ...textFunctions,
    ...splitFunctions,
    ...listFunctions,
    ...mapFunctions,
    ...logicFunctions,
    ...numberFunctions,
    ...dateFunctions(nowMs),
    ...encodingFunctions,
    ...pathFunctions,
    ...regexpFunctions,
    ...semverFunctions,
    ...urlFunctions,
    ...refusedFunctions,
  ]);
}
