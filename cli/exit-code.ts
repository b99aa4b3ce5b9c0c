/** What every verb tells the shell. */
export const exitCode = {
  fine: 0,
  /** The answer to the question asked is "no": a finding, a difference, a refused object. */
  no: 1,
  /** Wrong usage, or trouble that kept the verb from answering. */
  trouble: 2,
} as const;
