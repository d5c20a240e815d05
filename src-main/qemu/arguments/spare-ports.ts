// PCIe ports with nothing in them: what sits on the board itself stays there, a port takes a disk while the machine runs.
import type { VmDefinition } from '../../contract/definition.ts';
import type { ExplainedArgument } from '../../contract/vm.ts';
import type { Launch } from '../launch.ts';
import { argument } from './words.ts';

const ports = 2;

export const sparePortName = /^spare\d+$/;

/** Firmware and kernels on `virt` can do it; a program on the bare machine would only find more devices than before. */
export function sparePortArguments({ machine, boot }: VmDefinition, launch: Launch): ExplainedArgument[] {
  const hasSystem = boot.kind === 'uefi' || boot.kind === 'kernel';
  if (!/^virt(-|$)/.test(machine) || launch.wiring.expansion !== 'pci' || !hasSystem) return [];
  return Array.from({ length: ports }, (_, index) =>
    argument(
      // No I/O ports are set aside: there are few, and virtio does not use them.
      ['-device', `pcie-root-port,id=spare${index},chassis=${index + 1},io-reserve=0`],
      null,
      'A free place for a disk that is added while the machine runs.',
    ),
  );
}
