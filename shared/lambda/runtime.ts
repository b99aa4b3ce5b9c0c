import { type EmfMetrics, emfMetrics } from '../observe/emf.ts';
import type { LogLevel } from '../observe/log.ts';
import { type RequestLog, requestLog } from '../observe/request-log.ts';
import { type HeldTokens, heldTokens } from './held-tokens.ts';
import { secretTokens } from './secret-tokens.ts';

/** What every function has around its app. */
export interface Runtime {
  readonly requestLog: RequestLog;
  readonly log: RequestLog['log'];
  readonly metrics: EmfMetrics['metrics'];
  /** Nothing where no path needs a token. */
  readonly tokens: HeldTokens | undefined;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

export interface RuntimeSettings {
  readonly logLevel: LogLevel;
  /** Empty for none. */
  readonly tokenSecret: string;
}

/** Lambda's surroundings: standard output for log and metrics, Secrets Manager for tokens, the machine's clocks. */
export function lambdaRuntime({ logLevel, tokenSecret }: RuntimeSettings): Runtime {
  const metrics = emfMetrics();
  const lines = requestLog({ write: (line) => void process.stdout.write(line), now: () => new Date(), level: logLevel, metrics });
  const tokens = tokenSecret === '' ? undefined : heldTokens({ read: secretTokens(tokenSecret), log: lines.log, nowMs: Date.now });
  return { requestLog: lines, log: lines.log, metrics: metrics.metrics, tokens, now: () => performance.now() };
}
