// When the timers of many go off.
import { expect, it } from 'vitest';
import { untilBeat } from './beat.ts';

it.each([
  [3000, 9000, 3000],
  [3000, 9001, 2999],
  [3000, 11_500, 500],
  [3000, 11_999, 3001],
])('the next beat of %d ms after %d is %d ms away', (period, now, expected) => {
  expect(untilBeat(period, now)).toBe(expected);
});
