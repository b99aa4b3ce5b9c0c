/** A word that an object changed, from a webhook, a watch or a schedule: what to read again, never what it says. */
export interface Hint {
  /** API group; empty for core. */
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  /** Empty where only the API server knows it (`generateName`). */
  readonly name: string;
  readonly uid: string;
  /** `metadata.generation` that the object will have; 0 if nobody told. Whoever reads it waits for this one or a newer one. */
  readonly generation: number;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
}

/** Where hints go. What is lost is healed by the next reconciliation, so nobody waits for one. */
export interface HintSink {
  /** Takes a hint at once; may throw or reject. */
  send(hint: Hint): void | Promise<void>;
}

/** Where the source is watched (files) or listed on a schedule: nothing is left to do. */
export const unneededHints: HintSink = { send: () => undefined };
