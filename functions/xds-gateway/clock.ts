/** Time as the gateway sees it. */
export interface Clock {
  nowMs(): number;
  /** Runs something once; the result cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** The clock of the machine; it does not go back when somebody sets the time. Timers do not keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
