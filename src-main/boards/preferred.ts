// Which CPU of a board suits a definition best: of the width that its software needs, the recommended one first.
import type { VmDefinition } from '../contract/definition.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import type { Board } from './board.ts';
import { cpuFor } from './cpus.ts';

/** Software of the user's own was made for one width of CPU; UEFI and the board's own media are not asked. */
export function wantedBits({ boot, cpu }: VmDefinition, qemu: QemuCapabilities): 32 | 64 | null {
  switch (boot.kind) {
    case 'uefi':
      return 64;
    case 'kernel':
    case 'bios':
    case 'pflash':
    case 'elf':
    case 'loader':
      return cpuFor(cpu, qemu).bits;
    case 'media':
      return null;
  }
}

/**
 * The CPU to offer on this board; undefined only when this QEMU has none of the board's. `bits`: the width to keep
 * to where the board has it; left out, the one that the definition's software needs.
 */
export function preferredCpu(
  board: Board,
  definition: VmDefinition,
  qemu: QemuCapabilities,
  bits: 32 | 64 | null = wantedBits(definition, qemu),
): string | undefined {
  const there = board.cpu.fits.filter((cpu) => qemu.cpus.some(({ name }) => name === cpu) && cpu !== 'host');
  const first = board.cpu.recommended ?? board.cpu.default;
  const ordered = there.includes(first) ? [first, ...there.filter((cpu) => cpu !== first)] : there;
  return ordered.find((cpu) => bits === null || cpuFor(cpu, qemu).bits === bits) ?? ordered[0];
}
