/** Something that Envoy would refuse. */
export interface Finding {
  /** Below what is looked at: `route[0].weight`. */
  readonly field: string;
  readonly message: string;
}
