// Picking a board: everything that depends on it is made to fit at once, and what changed is told with the reason.
import type { VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import type { RefitResult } from '../contract/vm.ts';
import type { HostFacts } from './accelerator.ts';
import { boardFor } from './board.ts';
import { refitBoot, refitConsole } from './refit/boot.ts';
import { refitAccelerator, refitCpu, refitLoaders, refitOptions, refitVcpus } from './refit/cpu.ts';
import { refitDisks, refitNetwork, refitUarts } from './refit/devices.ts';
import { refitMemory } from './refit/memory.ts';
import { type Step, set, type Target } from './refit/step.ts';

const refitMachine: Step = (definition, { board }) =>
  set(definition, 'machine', board.pinned, 'This is the board that you chose.');

/** Later steps rely on earlier ones: the CPU on the way of booting, vCPUs on the interrupt controller. */
const steps: readonly Step[] = [
  refitMachine,
  refitBoot,
  refitCpu,
  refitAccelerator,
  refitOptions,
  refitVcpus,
  refitMemory,
  refitDisks,
  refitNetwork,
  refitUarts,
  refitConsole,
  refitLoaders,
];

/**
 * The definition on another machine type (`virt` takes the newest version). What fits stays. The given definition is
 * left alone. Throws `Fault` `unsupported` when this QEMU does not have the machine.
 */
export function refit(
  definition: VmDefinition,
  machine: string,
  qemu: QemuCapabilities,
  host: HostFacts,
): RefitResult {
  const board = boardFor(machine, qemu);
  if (board === undefined) {
    throw new Fault({
      code: 'unsupported',
      message: `This QEMU has no machine type ${machine}.`,
      remedy: 'Choose one from the catalogue.',
      field: '/machine',
    });
  }
  const target: Target = { board, from: boardFor(definition.machine, qemu), qemu, host };
  return steps.reduce<RefitResult>(
    (sum, step) => {
      const { definition: next, changes } = step(sum.definition, target);
      return { definition: next, changes: sum.changes.concat(changes) };
    },
    { definition, changes: [] },
  );
}
