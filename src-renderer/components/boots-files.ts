// Whether QEMU reads files of the user's into the guest's memory at every start.
import type { VmDefinition } from '../../src-main/contract/definition.ts';

/** Firmware of QEMU's own and disks change nothing between two starts that a reset would not show too. */
export function bootsFiles(definition: VmDefinition | null): boolean {
  if (definition === null) return false;
  const { boot, loaders } = definition;
  return ['kernel', 'elf', 'bios'].includes(boot.kind) || loaders.length > 0;
}
