// How each action on a VM is called and drawn, in the order in which they are offered.
import {
  Copy,
  type LucideIcon,
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
import type { VmAction } from '../../src-main/contract/vm.ts';

export interface ActionLook {
  label: string;
  icon: LucideIcon;
  /** As shown in menus; the library's list understands it. */
  shortcut?: string;
  danger?: true;
}

export const actionLooks: Readonly<Record<VmAction, ActionLook>> = {
  start: { label: 'Start', icon: Play },
  resume: { label: 'Resume', icon: StepForward },
  pause: { label: 'Pause', icon: Pause },
  shutdown: { label: 'Shut down', icon: Power },
  reset: { label: 'Reset', icon: RotateCcw },
  reload: { label: 'Reload and reset', icon: RefreshCcwDot },
  'force-stop': { label: 'Force stop', icon: Square },
  edit: { label: 'Edit hardware', icon: Settings2 },
  rename: { label: 'Rename…', icon: Pencil, shortcut: 'F2' },
  duplicate: { label: 'Duplicate…', icon: Copy },
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
  'edit',
  'rename',
  'duplicate',
  'delete',
];
