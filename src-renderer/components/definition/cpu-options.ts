// CPU models and accelerators as options: what does not fit stays in sight, greyed, with the reason.
import type { BoardCard } from '../../../src-main/contract/board.ts';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { AcceleratorReport } from '../../../src-main/contract/qemu.ts';
import type { Option } from '../select.tsx';

export function cpuOptions(board: BoardCard | undefined, current: string): Option[] {
  const models = board?.cpus.models ?? [];
  const options = models.map(({ name, bits, fits, note }): Option => {
    const words = [
      bits === null ? null : `${bits}-bit`,
      name === board?.cpus.recommended ? 'recommended' : null,
    ];
    const facts = words.filter((word) => word !== null).join(', ');
    return { id: name, label: name, note: note ?? facts, disabled: !fits };
  });
  // What the machine has must be shown, also when this QEMU does not have it.
  return models.some(({ name }) => name === current)
    ? options
    : [{ id: current, label: current, note: 'Not known to this QEMU.' }, ...options];
}

const names: Readonly<Record<AcceleratorReport['name'], string>> = {
  tcg: 'TCG (emulation)',
  kvm: 'KVM',
  hvf: 'Hypervisor.framework',
};

export function acceleratorOptions(
  reports: readonly AcceleratorReport[],
): Option<VmDefinition['accelerator']>[] {
  return [
    { id: 'auto', label: 'Automatic', note: 'The fastest that works for this machine on this computer.' },
    ...reports.map(({ name, usable, reason }) => ({
      id: name,
      label: names[name],
      note: reason,
      disabled: !usable,
    })),
  ];
}
