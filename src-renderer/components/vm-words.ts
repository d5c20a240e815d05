// What a VM is, in few words: its name, its line of facts, what it is found by.
import type { VmDefinition } from '../../src-main/contract/definition.ts';
import type { VmView } from '../../src-main/contract/vm.ts';
import { formatMiB } from './format.ts';
import { stateWords } from './state-words.ts';

/** A damaged VM has no name that can be read: its directory's name stands for it. */
export function vmTitle(vm: VmView): string {
  return vm.definition?.name ?? vm.id;
}

/** `virt-10.0` is `virt` to a reader; `raspi3b` is itself. */
export function boardName(machine: string): string {
  return machine.replace(/-\d+\.\d+$/, '');
}

/** `virt · cortex-a72 · 2 vCPU · 2 GiB` */
export function factLine(definition: VmDefinition): string {
  const { machine, cpu, vcpus, memoryMiB } = definition;
  return [boardName(machine), cpu, `${vcpus} vCPU`, formatMiB(memoryMiB)].join(' · ');
}

/** True when every word of the query is somewhere in what is known of the VM. */
export function matchesQuery(vm: VmView, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = searchText(vm);
  return words.every((word) => text.includes(word));
}

function searchText(vm: VmView): string {
  const { definition } = vm;
  const parts = [vm.id, stateWords[vm.state], vm.damage?.reason ?? ''];
  if (definition) {
    parts.push(definition.name, definition.machine, definition.cpu, definition.origin, definition.note);
  }
  return parts.join('\n').toLowerCase();
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** By name, `node-2` before `node-10`; the same order whatever the VMs are doing. */
export function sortVms(vms: Iterable<VmView>): VmView[] {
  return [...vms].sort((a, b) => collator.compare(vmTitle(a), vmTitle(b)) || a.id.localeCompare(b.id));
}
