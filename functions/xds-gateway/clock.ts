import type { Clock } from './session.ts';

/** The clock of the machine; it does not go back when somebody sets the time. Timers do not keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
