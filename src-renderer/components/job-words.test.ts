// Progress in words.
import { expect, test } from 'vitest';
import { jobNote } from './job-words.ts';

test.each([
  [0, null, '0 %'],
  [42.9, 11.2, '42 %, 12 s left'],
  [99.9, 0, '99 %, 1 s left'],
  [null, 125, '2 min left'],
  [null, null, '\u00a0'],
])('%s %% and %s s: %s', (percent, remainingSeconds, words) => {
  expect(jobNote({ percent, remainingSeconds })).toBe(words);
});
