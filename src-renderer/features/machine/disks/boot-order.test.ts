// Moving disks in the order of boot.
import { expect, test } from 'vitest';
import type { Disk } from '../../../../src-main/contract/definition.ts';
import { moveInOrder, setTried, triedDisks } from './boot-order.ts';

const disk = (id: string, bootIndex?: number): Disk => ({
  id,
  file: id,
  format: 'qcow2',
  media: 'disk',
  bus: 'virtio',
  readOnly: false,
  ...(bootIndex === undefined ? {} : { bootIndex }),
});
const disks = [disk('a', 5), disk('b'), disk('c', 0), disk('d', 9)];
const order = (some: readonly Disk[]) => triedDisks(some).map(({ id, bootIndex }) => `${id}${bootIndex}`);

test('the tried ones, first one first', () => {
  expect(triedDisks(disks).map(({ id }) => id)).toEqual(['c', 'a', 'd']);
});

test.each([
  ['a', -1, ['a0', 'c1', 'd2']],
  ['a', 1, ['c0', 'd1', 'a2']],
  ['c', -1, ['c0', 'a5', 'd9']],
  ['d', 1, ['c0', 'a5', 'd9']],
  ['b', 1, ['c0', 'a5', 'd9']],
] as const)('%s moved by %i', (id, step, expected) => {
  expect(order(moveInOrder(disks, id, step))).toEqual(expected);
});

test('one is tried last, or not any more', () => {
  expect(order(setTried(disks, 'b', true))).toEqual(['c0', 'a1', 'd2', 'b3']);
  expect(order(setTried(disks, 'a', false))).toEqual(['c0', 'd1']);
});
