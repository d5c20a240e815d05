// What a snapshot is, in few words.
import type { SettingChange, SnapshotView } from '../../../src-main/contract/snapshot.ts';
import type { VmState } from '../../../src-main/contract/vm.ts';
import { formatBytes, formatMiB } from '../../components/format.ts';

/** `Memory and disks`, `Disks only`. */
export function contentWords({ memory, definition }: SnapshotView): string {
  if (!memory) return definition.disks.length === 0 ? 'Settings only' : 'Disks only';
  return definition.disks.some(({ media }) => media === 'disk') ? 'Memory and disks' : 'Memory';
}

/** Why there is one that the user did not ask for; undefined for those that the user did. */
export function originWords({ origin }: SnapshotView): string | undefined {
  switch (origin) {
    case 'user':
      return undefined;
    case 'automatic':
      return 'Automatic';
    case 'fork':
      return 'Fork point';
  }
}

/** What a restore of it does, in a sentence. */
export function restoreWords({ memory, paused }: Pick<SnapshotView, 'memory' | 'paused'>): string {
  if (!memory) return 'It holds no memory: the machine is stopped afterwards, and Start boots it.';
  return paused
    ? 'The guest goes on from its memory, paused as it was.'
    : 'The guest goes on from its memory, in the middle of what it did; its clock is behind, as after a sleep.';
}

/** What taking one now does, in a sentence. */
export function takeWords(state: VmState): string {
  switch (state) {
    case 'running':
      return 'Memory, disks and settings as they are now. The guest stands still for a blink and goes on.';
    case 'paused':
      return 'Memory, disks and settings as they are now. The guest stays paused.';
    case 'saved':
      return 'Its memory is saved apart. Resume it to take a snapshot with the memory, or discard the saved state to take one of the disks.';
    default:
      return 'Disks, firmware variables and settings as they are now. The machine is off, so there is no memory to keep.';
  }
}

/** What deleting it gives back, in a sentence. */
export function freedWords({ freedBytes, bytes }: Pick<SnapshotView, 'freedBytes' | 'bytes'>): string {
  if (bytes === 0) return 'It takes next to no space.';
  if (freedBytes >= bytes) return `${formatBytes(bytes)} of disk space come back.`;
  if (freedBytes === 0)
    return `Later states build on all of its ${formatBytes(bytes)}, so no space comes back.`;
  return `At least ${formatBytes(freedBytes)} of its ${formatBytes(bytes)} come back; later states build on the rest.`;
}

/** A number that no name has yet: snapshots may have been deleted since. */
export function nextName(from: number, taken: readonly string[]): string {
  let number = from;
  while (taken.includes(`Snapshot ${number}`)) number += 1;
  return `Snapshot ${number}`;
}

/** `Before “fresh install” was restored`, within the length of a name. */
export function keptName(restored: string): string {
  const [before, after] = ['Before “', '” was restored'];
  const room = 80 - before.length - after.length;
  return `${before}${restored.length > room ? `${restored.slice(0, room - 1)}…` : restored}${after}`;
}

/** A side of a changed setting; what has no words of its own is told as it is written. */
export function sideWords(field: string, value: SettingChange['now']): string {
  if (value === undefined || value === null) return 'none';
  if (field === '/memoryMiB' && typeof value === 'number') return formatMiB(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'object') return JSON.stringify(value);
  return value === '' ? 'empty' : String(value);
}
