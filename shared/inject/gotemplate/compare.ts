import { compareText } from '../../lib/compare-text.ts';
import { formatValue } from './fmt/format.ts';
import { isNil, kindName, typeName } from './reflect.ts';
import { GoFailure, type GoValue } from './value.ts';

type Kind = 'bool' | 'int' | 'uint' | 'float' | 'string' | 'other';

function kindOf(value: GoValue): Kind {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float';
    case 'string':
      return 'string';
    default:
      break;
  }
  if (value === null || typeof value !== 'object') return 'other';
  if (value.kind === 'int') return value.type.startsWith('uint') ? 'uint' : 'int';
  return value.kind === 'enum' ? 'int' : 'other';
}

function isInteger(kind: Kind): boolean {
  return kind === 'int' || kind === 'uint';
}

/** Go's `eq`: whether the first equals any of the others. Kinds that do not match are an error unless one side is nil. */
export function equalsAny(first: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) throw new GoFailure('missing argument for comparison');
  return others.some((other) => equals(first, other));
}

export function equals(left: GoValue, right: GoValue): boolean {
  const kind = kindOf(left);
  const other = kindOf(right);
  if (isInteger(kind) && isInteger(other)) return integerOf(left) === integerOf(right);
  if (kind !== other) {
    if (isAbsent(left) || isAbsent(right)) return false;
    throw new GoFailure(`incompatible types for comparison: ${typeName(left)} and ${typeName(right)}`);
  }
  return kind === 'other' ? sameOther(left, right) : left === right;
}

function isAbsent(value: GoValue): boolean {
  return value === undefined || value === null;
}

/** Pointers are equal when they are the same; slices, maps and structs with such fields cannot be compared, except to nil. */
function sameOther(left: GoValue, right: GoValue): boolean {
  if (isNil(left) || isNil(right)) return isNil(left) && isNil(right);
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (left.kind === 'time' && right.kind === 'time') return left.epochMs === right.epochMs && left.zone === right.zone;
  const isPointer = left.kind === 'pointer' || (left.kind === 'struct' && left.pointer);
  if (isPointer && typeName(left) === typeName(right)) return left === right;
  if (kindName(left) === kindName(right)) throw new GoFailure(`non-comparable type ${asString(right)}: ${typeName(right)}`);
  throw new GoFailure(
    `non-comparable types ${asString(left)}: ${typeName(left)}, ${typeName(right)}: ${formatValue(right, { verb: 'v' })}`,
  );
}

function asString(value: GoValue): string {
  return formatValue(value, { verb: 's' });
}

function integerOf(value: GoValue): bigint {
  return typeof value === 'object' && value !== null && (value.kind === 'int' || value.kind === 'enum') ? value.value : 0n;
}

/** Go's `lt`: order exists among numbers of one kind and among strings. */
export function less(left: GoValue, right: GoValue): boolean {
  const kind = kindOf(left);
  const other = kindOf(right);
  if (isAbsent(left) || isAbsent(right) || kind === 'other' || other === 'other') throw new GoFailure('invalid type for comparison');
  if (isInteger(kind) && isInteger(other)) return integerOf(left) < integerOf(right);
  if (kind !== other) throw new GoFailure(`incompatible types for comparison: ${typeName(left)} and ${typeName(right)}`);
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right) < 0;
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  throw new GoFailure('invalid type for comparison');
}
