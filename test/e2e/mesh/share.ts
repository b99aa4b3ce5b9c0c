import { expect } from 'vitest';

export interface Share {
  /** Requests in all. */
  readonly of: number;
  /** 0 to 1. */
  readonly share: number;
}

/** Within five standard deviations: one run in two million is outside by chance. */
export function expectShare(found: number, { of, share }: Share): void {
  expect(Math.abs(found - of * share)).toBeLessThanOrEqual(5 * Math.sqrt(of * share * (1 - share)));
}
