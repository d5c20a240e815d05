// What a CPU model is: the table's facts, with the width that the binary itself tells.
import type { QemuCapabilities } from '../contract/qemu.ts';
import type { CpuFacts, Profile } from './row.ts';
import { listedCpu } from './table.ts';

export interface Cpu extends Omit<CpuFacts, 'bits'> {
  name: string;
  /** null where neither table nor binary tells: `host` without hardware acceleration. */
  bits: 32 | 64 | null;
}

/** A guess for models newer than the table, by Arm's naming. */
function profileByName(name: string): Profile {
  if (name.startsWith('cortex-m')) return 'M';
  return name.startsWith('cortex-r') ? 'R' : 'A';
}

export function cpuFor(name: string, qemu: QemuCapabilities): Cpu {
  const facts = listedCpu(name);
  const told = qemu.cpus.find((cpu) => cpu.name === name)?.bits ?? null;
  if (facts !== undefined) return { ...facts, name, bits: told ?? facts.bits };
  return { name, bits: told, profile: profileByName(name), el2: false, el3: false };
}
