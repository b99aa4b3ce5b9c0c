import type { Percent } from '../../config/networking/virtual-service-percent.ts';
import { FractionalPercent_DenominatorType as Denominator, type FractionalPercentSchema } from '../../gen/envoy/type/v3/percent_pb.js';
import type { Init } from '../init.ts';

/** Envoy's form of a part of the requests. */
export type FractionalPercent = Init<typeof FractionalPercentSchema>;

const partsPerPercent = 10_000;

/** A percentage with fractions, in millionths; what is finer is cut off. */
export function fractionalPercent({ value = 0 }: Percent): FractionalPercent {
  return { numerator: Math.trunc(value * partsPerPercent), denominator: Denominator.MILLION };
}

/** A whole percentage, as old fields have it. */
export function wholePercent(percent: number): FractionalPercent {
  return { numerator: percent, denominator: Denominator.HUNDRED };
}
