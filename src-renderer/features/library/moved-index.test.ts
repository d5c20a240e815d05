// The cursor's moves in a list.
import { expect, test } from 'vitest';
import { movedIndex } from './moved-index.ts';

test.each([
  ['ArrowDown', 0, 1],
  ['ArrowDown', 9, 9],
  ['ArrowUp', 0, 0],
  ['PageDown', 3, 7],
  ['PageUp', 2, 0],
  ['Home', 5, 0],
  ['End', 5, 9],
])('%s from %i goes to %i of ten', (key, from, to) => {
  expect(movedIndex(key, from, 10, 4)).toBe(to);
});

test('other keys do not move, and there is nowhere to go in an empty list', () => {
  expect(movedIndex('a', 3, 10, 4)).toBeUndefined();
  expect(movedIndex('End', 0, 0, 4)).toBeUndefined();
});
