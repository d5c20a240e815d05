// The order in which the firmware tries the disks: read from the definition, and changed by moving one.
import type { Disk } from '../../../../src-main/contract/definition.ts';
import { withBootOrder } from '../../../components/definition/disks.ts';

/** Those that are tried, first one first. */
export function triedDisks(disks: readonly Disk[]): Disk[] {
  return disks
    .filter((disk) => disk.bootIndex !== undefined)
    .toSorted((a, b) => (a.bootIndex ?? 0) - (b.bootIndex ?? 0));
}

/** One step earlier or later; the numbers are counted anew from 0. */
export function moveInOrder(disks: readonly Disk[], id: string, step: -1 | 1): Disk[] {
  const order = triedDisks(disks).map((disk) => disk.id);
  const from = order.indexOf(id);
  const to = from + step;
  if (from === -1 || to < 0 || to >= order.length) return [...disks];
  return ordered(disks, order.toSpliced(from, 1).toSpliced(to, 0, id));
}

/** Tried last from now on, or not any more. */
export function setTried(disks: readonly Disk[], id: string, tried: boolean): Disk[] {
  const others = triedDisks(disks)
    .map((disk) => disk.id)
    .filter((other) => other !== id);
  return ordered(disks, tried ? [...others, id] : others);
}

function ordered(disks: readonly Disk[], order: readonly string[]): Disk[] {
  return disks.map((disk) => {
    const index = order.indexOf(disk.id);
    return withBootOrder(disk, index === -1 ? undefined : index);
  });
}
