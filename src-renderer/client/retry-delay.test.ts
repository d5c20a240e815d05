// The waits between attempts to connect.
import { expect, test } from 'vitest';
import { retryDelayMs } from './retry-delay.ts';

test('waits longer each time and never more than ten seconds', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 40].map(retryDelayMs)).toEqual([
    300, 600, 1200, 2400, 4800, 9600, 10_000, 10_000,
  ]);
});
