/** What one rendering may use: a template is code that others wrote. */
export const limits = {
  /** Loop passes and template calls in total. */
  maxIterations: 1_000_000,
  /** Template calls inside each other, and control structures or parentheses inside each other. */
  maxDepth: 100,
  /** Bytes of output, and of any text made on the way. */
  maxOutputBytes: 4 * 1024 * 1024,
  /** Items of one list or members of one map. */
  maxItems: 1_000_000,
  /** Lists and maps inside each other. */
  maxValueDepth: 500,
  /** Characters, items and steps that all functions together may take. */
  maxWork: 64 * 1024 * 1024,
} as const;

/** Counts what functions do for one rendering. `spend` fails when the limit is reached, and from then on always. */
export interface Meter {
  readonly spend: (amount: number) => void;
}
