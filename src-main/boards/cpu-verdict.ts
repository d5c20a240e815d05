// What QEMU will really do with a CPU on a board: the heart of the rules about CPUs, and what verify-boards proves.
import type { Accelerator } from '../contract/definition.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import type { Board } from './board.ts';
import { cpuFor } from './cpus.ts';

export type CpuVerdict =
  /** QEMU makes it, and the hardware has it. */
  | { outcome: 'made' }
  /** QEMU ends with an error. */
  | { outcome: 'refused'; because: 'unknown-model' | 'needs-acceleration' | 'not-for-board' }
  /** QEMU starts with this CPU instead and says nothing. */
  | { outcome: 'ignored'; made: string }
  /** QEMU makes it although the hardware never had it; `runs`: code for the board can run on it. */
  | { outcome: 'unfit'; runs: boolean }
  /** Nobody has looked yet; a dry start tells. */
  | { outcome: 'unknown' };

function foreignVerdict(board: Board, cpu: string, qemu: QemuCapabilities): CpuVerdict {
  switch (board.policy) {
    case 'validated':
      return { outcome: 'refused', because: 'not-for-board' };
    case 'ignored':
      return { outcome: 'ignored', made: board.cpu.default };
    case 'unknown':
      return { outcome: 'unknown' };
    case 'unchecked': {
      const { profile, bits } = cpuFor(cpu, qemu);
      const accepts = board.cpu.accepts ?? [];
      if (!accepts.includes(profile) && !accepts.includes(cpu)) {
        return { outcome: 'refused', because: 'not-for-board' };
      }
      const boardBits = cpuFor(board.cpu.default, qemu).bits;
      return { outcome: 'unfit', runs: bits === boardBits };
    }
  }
}

/** What this QEMU makes of `-cpu cpu` on the board. `host` exists under hardware acceleration alone. */
export function cpuVerdict(
  board: Board,
  cpu: string,
  qemu: QemuCapabilities,
  accelerator: Accelerator,
): CpuVerdict {
  if (cpu === 'host') {
    if (accelerator === 'tcg') return { outcome: 'refused', because: 'needs-acceleration' };
    return board.cpu.fits.includes('host')
      ? { outcome: 'made' }
      : { outcome: 'refused', because: 'not-for-board' };
  }
  if (!qemu.cpus.some(({ name }) => name === cpu)) return { outcome: 'refused', because: 'unknown-model' };
  if (board.cpu.fits.includes(cpu)) return { outcome: 'made' };
  return foreignVerdict(board, cpu, qemu);
}
