// How each action on a VM is called and drawn, in the order in which they are offered.
import {
  Camera,
  Copy,
  Eraser,
  History,
  type LucideIcon,
  MemoryStick,
  Pause,
  Pencil,
  Play,
  Power,
  RefreshCcwDot,
  RotateCcw,
  Settings2,
  Square,
  StepForward,
  Trash2,
} from 'lucide-react';
import type { VmAction, VmState } from '../../src-main/contract/vm.ts';

export interface ActionLook {
  label: string;
  icon: LucideIcon;
  /** As shown in menus; the library's list understands it. */
  shortcut?: string;
  danger?: true;
}

/** In state `saved` Start goes on from the memory on disk: it is called by what it does. */
export function lookOf(action: VmAction, state: VmState): ActionLook {
  return action === 'start' && state === 'saved' ? actionLooks.resume : actionLooks[action];
}

const actionLooks: Readonly<Record<VmAction, ActionLook>> = {
  start: { label: 'Start', icon: Play },
  resume: { label: 'Resume', icon: StepForward },
  pause: { label: 'Pause', icon: Pause },
  shutdown: { label: 'Shut down', icon: Power },
  reset: { label: 'Reset', icon: RotateCcw },
  reload: { label: 'Reload and reset', icon: RefreshCcwDot },
  'force-stop': { label: 'Force stop', icon: Square },
  edit: { label: 'Edit hardware', icon: Settings2 },
  rename: { label: 'Rename…', icon: Pencil, shortcut: 'F2' },
  clone: { label: 'Clone…', icon: Copy },
  snapshot: { label: 'Take snapshot…', icon: Camera },
  restore: { label: 'Snapshots', icon: History },
  'save-state': { label: 'Save state', icon: MemoryStick },
  'discard-state': { label: 'Discard saved state…', icon: Eraser, danger: true },
  delete: { label: 'Delete…', icon: Trash2, shortcut: 'Del', danger: true },
};

export const actionOrder: readonly VmAction[] = [
  'start',
  'resume',
  'pause',
  'shutdown',
  'reset',
  'reload',
  'force-stop',
  'save-state',
  'discard-state',
  'snapshot',
  'restore',
  'edit',
  'rename',
  'clone',
  'delete',
];
