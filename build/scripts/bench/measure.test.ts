import { describe, expect, it } from 'vitest';
import { median, passes } from './measure.ts';

describe('median', () => {
  it('takes the middle of an odd count and the mean of the middle two of an even one', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('refuses an empty list', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('passes', () => {
  const base = { name: 'x', unit: 'ratio', value: 1, samples: {} } as const;

  it('judges both directions, and nothing without a limit', () => {
    expect(passes({ ...base, limit: { atMost: 1 } })).toBe(true);
    expect(passes({ ...base, limit: { atMost: 0.9 } })).toBe(false);
    expect(passes({ ...base, limit: { atLeast: 1.1 } })).toBe(false);
    expect(passes(base)).toBe(true);
  });
});
