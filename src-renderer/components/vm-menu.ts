// The actions that a VM's state allows, as a menu: for the library's rows and the machine page.
import { AppWindow } from 'lucide-react';
import { allowedActions, type VmAction, type VmView } from '../../src-main/contract/vm.ts';
import { openConsoleWindow } from '../stores/console-window.ts';
import { beginAction } from '../stores/vm-actions.ts';
import { bootsFiles } from './boots-files.ts';
import type { MenuEntry } from './menu.tsx';
import { actionOrder, lookOf } from './vm-action-looks.ts';

/** A line parts what changes the machine's state, its hardware, and its entry in the library. */
const groups: Readonly<Record<VmAction, number>> = {
  start: 0,
  resume: 0,
  pause: 0,
  shutdown: 0,
  reset: 0,
  reload: 0,
  'force-stop': 0,
  'save-state': 0,
  'discard-state': 0,
  snapshot: 1,
  restore: 1,
  edit: 1,
  rename: 2,
  clone: 2,
  delete: 2,
};

/** `leaveOut`: actions that stand beside the menu as buttons already. */
export function vmMenu(vm: VmView, leaveOut: readonly VmAction[] = []): MenuEntry[] {
  const allowed = allowedActions[vm.state].filter(
    (action) => action !== 'reload' || bootsFiles(vm.definition),
  );
  const offered = actionOrder.filter((action) => allowed.includes(action) && !leaveOut.includes(action));
  const entries = offered.map((action, index): MenuEntry => {
    const before = offered[index - 1];
    return {
      id: action,
      ...lookOf(action, vm.state),
      separated: before !== undefined && groups[before] !== groups[action],
      onAction: () => beginAction(vm, action),
    };
  });
  return [...entries, ...consoleEntries(vm)];
}

function consoleEntries(vm: VmView): MenuEntry[] {
  return vm.consoles.map((console, index) => ({
    id: `console-${console.id}`,
    label: vm.consoles.length === 1 ? 'Open console window' : `Open ${console.label} in a window`,
    icon: AppWindow,
    separated: index === 0,
    onAction: () => void openConsoleWindow(vm.id, console.id),
  }));
}
