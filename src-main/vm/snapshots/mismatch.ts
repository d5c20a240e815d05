// Whether a saved memory can be loaded here and now, found before trying.

import type { HostFacts } from '../../boards/accelerator.ts';
import { settleAccelerator } from '../../boards/accelerator.ts';
import type { VmDefinition } from '../../contract/definition.ts';
import type { FaultData } from '../../contract/fault.ts';
import type { QemuCapabilities } from '../../contract/qemu.ts';
import type { SavedMemory } from './manifest.ts';

const remedy = 'Start from the same disks without the memory (a cold boot), or use the QEMU of then again.';

/** Device state is kept compatible within a stable series only: 10.0 to 11.1 fails although the machine type is the same. */
function series(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version;
}

export function memoryMismatch(
  memory: SavedMemory,
  definition: VmDefinition,
  qemu: QemuCapabilities,
  host: HostFacts,
): FaultData | undefined {
  const fault = (message: string, field?: string): FaultData => ({
    code: 'unsupported',
    message,
    remedy,
    ...(field !== undefined && { field }),
  });
  if (series(memory.qemuVersion) !== series(qemu.version.text)) {
    return fault(
      `The memory was saved by QEMU ${memory.qemuVersion}, and QEMU ${qemu.version.text} is in use now: it cannot load it.`,
    );
  }
  if (!qemu.machines.some(({ name, alias }) => name === definition.machine || alias === definition.machine)) {
    return fault(
      `This QEMU has no machine type ${definition.machine}, which the memory belongs to.`,
      '/machine',
    );
  }
  if (memory.form === 'mapped-ram' && !qemu.features.includes('mapped-ram')) {
    return fault('This QEMU cannot read the form in which the memory was saved.');
  }
  const accelerator = settleAccelerator(definition, qemu, host);
  if (accelerator !== memory.accelerator) {
    return fault(
      `The memory was saved with ${memory.accelerator.toUpperCase()}, and this computer would run the machine with ${accelerator.toUpperCase()}.`,
      '/accelerator',
    );
  }
  if (memory.accelerator !== 'tcg' && memory.hostArch !== host.arch) {
    return fault('The memory was saved on a computer with another processor.', '/accelerator');
  }
  return undefined;
}
