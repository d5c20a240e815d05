// What can be done with one of a machine's disks, as menu entries.
import { Disc3, Eraser, type LucideIcon, Scaling, ShieldCheck, Shuffle, Trash2 } from 'lucide-react';
import type { Disk } from '../../../../src-main/contract/definition.ts';
import { allowedActions, type VmView } from '../../../../src-main/contract/vm.ts';
import type { MenuEntry } from '../../../components/menu.tsx';

export type DiskVerb = 'resize' | 'convert' | 'compact' | 'check' | 'medium' | 'remove';

const looks: Readonly<Record<DiskVerb, { label: string; icon: LucideIcon }>> = {
  resize: { label: 'Resize…', icon: Scaling },
  convert: { label: 'Convert…', icon: Shuffle },
  compact: { label: 'Compact…', icon: Eraser },
  check: { label: 'Check…', icon: ShieldCheck },
  medium: { label: 'Change disc…', icon: Disc3 },
  remove: { label: 'Remove…', icon: Trash2 },
};

/** An image that QEMU writes to cannot be looked through or written anew. */
const whenOff: readonly DiskVerb[] = ['convert', 'compact', 'check'];

/** `settled`: no change of the definition waits to be saved. */
export function diskMenu(
  vm: VmView,
  disk: Disk,
  settled: boolean,
  onVerb: (verb: DiskVerb) => void,
): MenuEntry[] {
  const verbs: readonly DiskVerb[] =
    disk.media === 'cdrom' ? ['medium', 'remove'] : ['resize', 'convert', 'compact', 'check', 'remove'];
  const editable = settled && allowedActions[vm.state].includes('edit');
  return verbs.map((id) => {
    const off = whenOff.includes(id) && vm.run !== undefined;
    const { label, icon } = looks[id];
    return {
      id,
      label: off ? `${label} (when it is off)` : label,
      icon,
      disabled: !editable || off,
      danger: id === 'remove',
      separated: id === 'remove',
      onAction: () => onVerb(id),
    };
  });
}
