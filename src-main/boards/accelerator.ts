// What `auto` becomes: KVM or HVF where this host can use it for this guest, else TCG.
import type { Accelerator, VmDefinition } from '../contract/definition.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { unversioned } from './table.ts';

/** What the rules need to know of this computer; `arch` and `platform` are node's words (`arm64`, `linux`). */
export interface HostFacts {
  arch: string;
  platform: string;
  memoryMiB: number;
  cores: number;
}

/** CPU models that hardware acceleration can make: it runs the host's own CPU, not another one. */
export const acceleratedCpus: readonly string[] = ['host', 'max'];

/** The board that hardware acceleration works on (QEMU hw/arm/virt.c; sbsa-ref and the others refuse it). */
export function takesAcceleration(machine: string): boolean {
  return unversioned(machine) === 'virt';
}

/** The hardware accelerator that this host and QEMU can use, or undefined. */
export function usableHardware(
  qemu: QemuCapabilities,
  host: HostFacts,
): Exclude<Accelerator, 'tcg'> | undefined {
  if (host.arch !== 'arm64') return undefined;
  for (const name of ['kvm', 'hvf'] as const) {
    if (qemu.accelerators.some((report) => report.name === name && report.usable)) return name;
  }
  return undefined;
}

/** EL2, EL3 and MTE for the guest are TCG's: hardware gives them to few hosts or none. */
function asksForEmulation({ virtualization, secure, mte }: VmDefinition['machineOptions']): boolean {
  return virtualization === true || secure === true || mte === true;
}

/** What `auto` becomes for this definition; a named accelerator is returned as it is. */
export function settleAccelerator(
  definition: VmDefinition,
  qemu: QemuCapabilities,
  host: HostFacts,
): Accelerator {
  if (definition.accelerator !== 'auto') return definition.accelerator;
  const hardware = usableHardware(qemu, host);
  const suits =
    takesAcceleration(definition.machine) &&
    acceleratedCpus.includes(definition.cpu) &&
    !asksForEmulation(definition.machineOptions);
  return hardware !== undefined && suits ? hardware : 'tcg';
}
