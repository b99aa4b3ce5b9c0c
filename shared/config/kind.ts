import type { Findings } from '../lib/finding.ts';
import type { MessageSchema } from '../lib/message.ts';

/** What rules may know of an object besides its spec. */
export interface ObjectMeta {
  /** Empty if the object has none. */
  readonly name: string;
  /** Empty if the object has none. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A kind of object that users write: its type and everything that one such object can be wrong in. */
export interface ConfigKind<Spec = unknown> {
  readonly group: string;
  readonly kind: string;
  readonly schema: MessageSchema<Spec>;
  /** Rules of the annotation `istio.io/dry-run`, paths from the object; kinds without them do not support it. */
  checkDryRun?(spec: Spec, meta: ObjectMeta): Findings;
  /** Rules of the metadata that only this kind has, paths from the object. They come before those of the spec. */
  checkMeta?(meta: ObjectMeta): Findings;
  /** Rules of the spec; paths begin there. */
  checkSpec(spec: Spec, meta: ObjectMeta): Findings;
}
