import { GoFailure } from '../value.ts';

/** `units × 10^-scale`, so that `addf 1.1 2.2` is 3.3. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Decimals that a division keeps. */
const quotientScale = 16;

/** The shortest decimal that is this float64. */
export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) throw new GoFailure(`Cannot create a Decimal from ${value}`);
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return scaled(BigInt(whole + fraction), fraction.length - Number(exponent));
}

/** Keeps the scale from being negative. */
function scaled(units: bigint, scale: number): Decimal {
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

function rescaled({ units, scale }: Decimal, to: number): bigint {
  return units * 10n ** BigInt(to - scale);
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { units: rescaled(left, scale) + rescaled(right, scale), scale };
}

export function subtractDecimals(left: Decimal, right: Decimal): Decimal {
  return addDecimals(left, { units: -right.units, scale: right.scale });
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, scale: left.scale + right.scale };
}

/** Rounded half away from zero. */
export function divideDecimals(left: Decimal, right: Decimal): Decimal {
  if (right.units === 0n) throw new GoFailure('decimal division by 0');
  const numerator = left.units * 10n ** BigInt(right.scale + quotientScale + 1);
  const quotient = numerator / (right.units * 10n ** BigInt(left.scale));
  return { units: (quotient + (quotient < 0n ? -5n : 5n)) / 10n, scale: quotientScale };
}

export function floatOf({ units, scale }: Decimal): number {
  return Number(`${units}e-${scale}`);
}
