// Timers of many that go off together: one waking of this program serves them all.

/**
 * Milliseconds from `now` to the next moment that is a whole multiple of `periodMs`. A timer may go off a little early:
 * a beat that is that near is the one that was waited for.
 */
export function untilBeat(periodMs: number, now = Date.now()): number {
  const left = periodMs - (now % periodMs);
  return left < periodMs / 8 ? left + periodMs : left;
}
