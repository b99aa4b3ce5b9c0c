/** Why something outside of our control failed: network, store, file system, time-out, or a wrong start setting. */
export type ErrorCode = 'invalid-setting' | 'not-found' | 'unreadable' | 'unavailable' | 'timeout' | 'conflict' | 'internal';

/** Trouble from outside. Wrong user input is a {@link Problem} instead; a bug is a failed {@link invariant}. */
export class ControlPlaneError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { readonly cause?: unknown; readonly retryable?: boolean } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'ControlPlaneError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }

  /** The only way in which a caught `unknown` travels on. */
  static from(caught: unknown, code: ErrorCode = 'internal'): ControlPlaneError {
    if (caught instanceof ControlPlaneError) return caught;
    return new ControlPlaneError(code, caught instanceof Error ? caught.message : String(caught), { cause: caught });
  }
}

/** Fails where our own reasoning is wrong. Never caught below an entry point. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`bug: ${message}`);
}
