// Timers of many that go off together: one waking of this program serves them all.

/** Milliseconds from `now` to the next moment that is a whole multiple of `periodMs`; never 0. */
export function untilBeat(periodMs: number, now = Date.now()): number {
  return periodMs - (now % periodMs);
}
