// What can be done with a snapshot and with the present, as menu entries.
import { Camera, Copy, GitBranch, History, Pencil, Repeat, Trash2 } from 'lucide-react';
import type { SnapshotView } from '../../../src-main/contract/snapshot.ts';
import { allowedActions, type VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import type { MenuEntry } from '../../components/menu.tsx';
import { showToast } from '../../components/toasts.ts';
import { openDialog } from '../../stores/view.ts';

export function presentMenu(vm: VmView): MenuEntry[] {
  return [
    {
      id: 'take',
      label: 'Take snapshot…',
      icon: Camera,
      disabled: !allowedActions[vm.state].includes('snapshot'),
      onAction: () => openDialog({ kind: 'take-snapshot', id: vm.id }),
    },
    {
      id: 'clone',
      label: 'Clone…',
      icon: Copy,
      disabled: !allowedActions[vm.state].includes('clone'),
      onAction: () => openDialog({ kind: 'clone', id: vm.id }),
    },
  ];
}

/** `leaveOut`: what stands beside the menu as buttons already. */
export function snapshotMenu(
  vm: VmView,
  snapshot: SnapshotView,
  leaveOut: readonly string[] = [],
): MenuEntry[] {
  const { id } = vm;
  const restorable = canRestore(vm, snapshot);
  const isReset = vm.resetTo?.id === snapshot.id;
  const entries: MenuEntry[] = [
    {
      id: 'restore',
      label: 'Restore…',
      icon: History,
      disabled: !restorable,
      onAction: () => openDialog({ kind: 'restore-snapshot', id, snapshot, branch: false }),
    },
    {
      id: 'branch',
      label: 'Branch…',
      icon: GitBranch,
      disabled: !restorable,
      onAction: () => openDialog({ kind: 'restore-snapshot', id, snapshot, branch: true }),
    },
    {
      id: 'clone',
      label: 'Clone from here…',
      icon: Copy,
      disabled: snapshot.damage !== undefined,
      onAction: () => openDialog({ kind: 'clone', id, snapshot }),
    },
    {
      id: 'reset-to',
      label: isReset ? 'Start from the present again' : 'Start from here every time',
      icon: Repeat,
      disabled: snapshot.damage !== undefined && !isReset,
      onAction: () => void setResetTo(id, isReset ? null : snapshot.id),
    },
    {
      id: 'rename',
      label: 'Rename…',
      icon: Pencil,
      shortcut: 'F2',
      separated: true,
      onAction: () => openDialog({ kind: 'rename-snapshot', id, snapshot }),
    },
    {
      id: 'delete',
      label: 'Delete…',
      icon: Trash2,
      shortcut: 'Del',
      danger: true,
      onAction: () => openDialog({ kind: 'delete-snapshot', id, snapshot }),
    },
  ];
  return entries.filter((entry) => !leaveOut.includes(entry.id));
}

export function canRestore(vm: VmView, snapshot: SnapshotView): boolean {
  return snapshot.damage === undefined && allowedActions[vm.state].includes('restore');
}

export async function setResetTo(id: string, snapshot: string | null): Promise<void> {
  try {
    await client.vms.setResetTo({ id, snapshot });
  } catch (error) {
    showToast({ kind: 'fault', fault: faultOf(error) });
  }
}
