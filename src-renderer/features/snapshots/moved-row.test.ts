// Getting about in the tree by keyboard.
import { expect, test } from 'vitest';
import { aSnapshot } from './fixture.ts';
import { movedRow } from './moved-row.ts';
import { layOut } from './tree-layout.ts';

// a, c and d on a branch, b, the present.
const rows = layOut({
  snapshots: [
    aSnapshot({ id: 'a' }),
    aSnapshot({ id: 'b', parent: 'a' }),
    aSnapshot({ id: 'c', parent: 'a' }),
    aSnapshot({ id: 'd', parent: 'c' }),
  ],
  present: { parent: 'b', bytes: 0 },
});

test.each([
  ['ArrowDown', 'a', 'c'],
  ['ArrowDown', 'present', 'present'],
  ['ArrowUp', 'b', 'd'],
  ['ArrowUp', 'a', 'a'],
  ['ArrowLeft', 'b', 'a'],
  ['ArrowLeft', 'd', 'c'],
  ['ArrowLeft', 'a', 'a'],
  ['ArrowRight', 'a', 'c'],
  ['ArrowRight', 'd', 'd'],
  ['Home', 'd', 'a'],
  ['End', 'a', 'present'],
  ['x', 'a', undefined],
])('%s on %s leads to %s', (key, from, to) => {
  const index = rows.findIndex(({ id }) => id === from);
  expect(movedRow(key, rows, index)?.id).toBe(to);
});
