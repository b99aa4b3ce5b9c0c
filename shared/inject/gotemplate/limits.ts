/** What one rendering may use: a template is code that others wrote. */
export const limits = {
  /** Loop passes and template calls in total. */
  maxIterations: 1_000_000,
  /** Template calls inside each other, and control structures or parentheses inside each other. */
  maxDepth: 100,
  /** Control structures and template calls inside each other while rendering. */
  maxLevels: 1000,
  /** Bytes of output, and of any text made on the way. */
  maxOutputBytes: 4 * 1024 * 1024,
  /** Items of one list or members of one map. */
  maxItems: 1_000_000,
  /** Lists and maps inside each other. */
  maxValueDepth: 500,
  /** Units of work, about 10 ns each: what functions read, make and compare, and how often they are called. */
  maxWork: 128 * 1024 * 1024,
} as const;

/** Counts what functions do for one rendering. `spend` fails when the limit is reached, and from then on always. */
export interface Meter {
  readonly spend: (amount: number) => void;
}
