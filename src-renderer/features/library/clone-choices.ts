// The ways to make another VM from one, each with what it means, or why it cannot be had now.
import type { CloneKind, SnapshotView } from '../../../src-main/contract/snapshot.ts';
import type { VmState } from '../../../src-main/contract/vm.ts';
import type { Choice } from '../../components/choice-list.tsx';

export interface CloneOrigin {
  state: VmState;
  /** Left out: the present. */
  snapshot: Pick<SnapshotView, 'id' | 'name' | 'memory' | 'mismatch'> | undefined;
}

const meanings: Readonly<Record<CloneKind, { label: string; note: string }>> = {
  copy: {
    label: 'Copy',
    note: 'Shares nothing with the original: takes as long, and as much space, as its disks are large.',
  },
  linked: {
    label: 'Linked clone',
    note: 'Made at once and takes almost no space: builds on the original’s disks as they are at this point, which then stay protected.',
  },
  fork: {
    label: 'Fork',
    note: 'Runs at once and goes on from the memory, in the middle of what the guest does, with a MAC address, ports and console of its own.',
  },
};

export function cloneChoices(origin: CloneOrigin): Choice<CloneKind>[] {
  return (['copy', 'linked', 'fork'] as const).map((id) => {
    const { label, note } = meanings[id];
    const obstacle = obstacleTo(id, origin);
    return {
      id,
      label,
      note: obstacle ?? `${note}${memoryNote(id, origin)}`,
      disabled: obstacle !== undefined,
    };
  });
}

/** A copy of a point with memory is a machine that boots from its disks. */
function memoryNote(kind: CloneKind, { snapshot }: CloneOrigin): string {
  return kind !== 'fork' && snapshot?.memory ? ' Only the disks: the snapshot’s memory stays behind.' : '';
}

function obstacleTo(kind: CloneKind, { state, snapshot }: CloneOrigin): string | undefined {
  const runs = state === 'running' || state === 'paused';
  switch (kind) {
    case 'copy':
      return snapshot === undefined && runs
        ? 'Needs the machine shut down, or a snapshot to copy from: disks that are written to cannot be copied.'
        : undefined;
    case 'linked':
      return undefined;
    case 'fork':
      if (snapshot === undefined)
        return runs ? undefined : 'Needs the machine running: there is no memory to go on from.';
      if (!snapshot.memory) return 'This snapshot has no memory to go on from.';
      return snapshot.mismatch === undefined ? undefined : snapshot.mismatch.message;
  }
}

/** The name itself, or with the first number that makes it one of its own; at most 80 characters. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken);
  const base = wanted.slice(0, 76);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base} ${number}`;
    if (!used.has(name)) return name;
  }
}
