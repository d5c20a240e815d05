// What changed between two mirrors of the VMs, in words to be read out.
import type { VmsMirror } from '../stores/vms.ts';
import { stateWords } from './state-words.ts';
import { vmTitle } from './vm-words.ts';

const mostNamed = 3;

/** Empty when no VM changed its state; the first whole truth is no change. */
export function stateChanges(before: VmsMirror, now: VmsMirror): string {
  if (!before.known) return '';
  const changed = [...now.byId.values()].filter((vm) => {
    const old = before.byId.get(vm.id);
    return old !== undefined && old !== vm && old.state !== vm.state;
  });
  if (changed.length > mostNamed) return `${changed.length} machines changed their state.`;
  return changed.map((vm) => `${vmTitle(vm)}: ${stateWords[vm.state]}.`).join(' ');
}
