import { fn, type GoFunction, variadic } from '../function.ts';
import { kindName, typeName } from '../reflect.ts';
import { GoFailure } from '../value.ts';
import { isEmpty } from './convert.ts';
import { deepEqual } from './equal.ts';

/** sprig's defaults, conditions and questions about types. */
export const logicFunctions: readonly (readonly [string, GoFunction])[] = [
  ['default', variadic(['any'], 'any', (fallback, [given = null]) => (isEmpty(given) ? fallback : given))],
  ['empty', fn(['any'], isEmpty)],
  ['coalesce', variadic([], 'any', (values) => values.find((value) => !isEmpty(value)) ?? null)],
  ['all', variadic([], 'any', (values) => !values.some(isEmpty))],
  ['any', variadic([], 'any', (values) => values.some((value) => !isEmpty(value)))],
  ['ternary', fn(['any', 'any', 'bool'], (yes, no, condition) => (condition ? yes : no))],
  ['typeOf', fn(['any'], typeName)],
  ['typeIs', fn(['string', 'any'], (type, value) => typeName(value) === type)],
  ['typeIsLike', fn(['string', 'any'], (type, value) => typeName(value) === type || typeName(value) === `*${type}`)],
  ['kindOf', fn(['any'], kindName)],
  ['kindIs', fn(['string', 'any'], (kind, value) => kindName(value) === kind)],
  ['deepEqual', fn(['any', 'any'], deepEqual)],
  [
    'fail',
    fn(['string'], (message) => {
      throw new GoFailure(message);
    }),
  ],
];
