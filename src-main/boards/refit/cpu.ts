// Refit of CPU, accelerator, the machine's switches, vCPUs and the cores that loaders name.
import type { MachineOptions, VmDefinition } from '../../contract/definition.ts';
import { settleAccelerator, usableHardware } from '../accelerator.ts';
import { cpuVerdict } from '../cpu-verdict.ts';
import { cpuFor } from '../cpus.ts';
import { preferredCpu } from '../preferred.ts';
import { machineOptionName } from '../row.ts';
import { gicCapacity } from '../rules/gic.ts';
import { type Change, type Step, set, shown, type Target, unchanged } from './step.ts';

/** Without EL3, EL2 and MTE in the way: those are looked at later. */
function accelerates(definition: VmDefinition, { qemu, host }: Target) {
  return settleAccelerator({ ...definition, machineOptions: {}, accelerator: 'auto' }, qemu, host);
}

function fits(definition: VmDefinition, target: Target): boolean {
  const { board, qemu } = target;
  const verdict = cpuVerdict(board, definition.cpu, qemu, accelerates(definition, target));
  if (verdict.outcome !== 'made') return false;
  return definition.boot.kind !== 'uefi' || cpuFor(definition.cpu, qemu).bits !== 32;
}

export const refitCpu: Step = (definition, target) => {
  const { board, qemu } = target;
  if (fits(definition, target)) return unchanged(definition);
  const cpu = preferredCpu(board, definition, qemu);
  if (cpu === undefined) return unchanged(definition);
  return set(
    definition,
    'cpu',
    cpu,
    board.cpu.fits.length === 1
      ? `The chip of ${board.name} has ${board.cpu.clusters ?? cpu}.`
      : `${board.name} does not have ${definition.cpu}.`,
  );
};

export const refitAccelerator: Step = (definition, target) => {
  const { accelerator } = definition;
  if (accelerator === 'auto' || accelerator === 'tcg') return unchanged(definition);
  const { machineOptions } = definition;
  const usable = usableHardware(target.qemu, target.host) === accelerator;
  const suits = settleAccelerator(
    { ...definition, accelerator: 'auto', machineOptions },
    target.qemu,
    target.host,
  );
  if (usable && suits === accelerator) return unchanged(definition);
  return set(definition, 'accelerator', 'auto', `${accelerator.toUpperCase()} cannot run this machine here.`);
};

/** The options that hold on this board with this CPU; the reason for each that does not. */
function fittingOptions(
  definition: VmDefinition,
  target: Target,
): { options: MachineOptions; changes: Change[] } {
  const { board, from, qemu, host } = target;
  const options: MachineOptions = { ...definition.machineOptions };
  const changes: Change[] = [];
  const drop = (name: keyof MachineOptions, why: string) => {
    changes.push({ field: `/machineOptions/${name}`, from: shown(options[name]), to: 'none', why });
    delete options[name];
  };
  for (const name of machineOptionName.options) {
    if (options[name] !== undefined && !(board.options ?? []).includes(name)) {
      drop(name, `${board.name} has no such switch.`);
    }
  }
  if (options.mte === true && cpuFor(definition.cpu, qemu).mte !== true) {
    drop('mte', `${definition.cpu} has no memory tagging.`);
  }
  if (options.secure === true && definition.boot.kind === 'uefi') {
    drop('secure', 'The UEFI firmware is not made to start in the secure world.');
  }
  const accelerator = settleAccelerator({ ...definition, machineOptions: options }, qemu, host);
  const takeGic = (why: string) => {
    const to = accelerator === 'tcg' ? '3' : 'max';
    changes.push({ field: '/machineOptions/gicVersion', from: shown(options.gicVersion), to, why });
    options.gicVersion = to;
  };
  if (options.gicVersion === 'host' && accelerator !== 'kvm')
    takeGic('The host’s own exists under KVM only.');
  if (options.gicVersion === '4' && options.virtualization !== true && accelerator === 'tcg') {
    takeGic('QEMU emulates GICv4 together with EL2 only.');
  }
  const isNew = from === undefined || !(from.options ?? []).includes('gicVersion');
  if (isNew && options.gicVersion === undefined && (board.options ?? []).includes('gicVersion')) {
    // hw/arm/virt.c, finalize_gic_version: with no word QEMU takes the old GICv2 for up to 8 vCPUs.
    takeGic('It is the interrupt controller that today’s guests expect.');
  }
  return { options, changes };
}

export const refitOptions: Step = (definition, target) => {
  const { options, changes } = fittingOptions(definition, target);
  return changes.length === 0
    ? unchanged(definition)
    : { definition: { ...definition, machineOptions: options }, changes };
};

export const refitVcpus: Step = (definition, { board }) => {
  const { min, max } = board.vcpus;
  const gicLimit = (board.options ?? []).includes('gicVersion')
    ? gicCapacity(definition.machineOptions)
    : max;
  const most = Math.max(min, Math.min(max, gicLimit, board.cpu.mainCores ?? max));
  const vcpus = Math.min(Math.max(definition.vcpus, min), most);
  const why =
    min === max
      ? `${board.name} has exactly ${min}.`
      : vcpus < definition.vcpus
        ? `${board.name} has at most ${most} of this core.`
        : `${board.name} has at least ${min}.`;
  return set(definition, 'vcpus', vcpus, why);
};

export const refitLoaders: Step = (definition, { board }) => {
  const loaders = definition.loaders.map((loader) =>
    loader.core !== undefined && loader.core >= definition.vcpus ? { ...loader, core: 0 } : loader,
  );
  return set(definition, 'loaders', loaders, `${board.name} does not have that core.`);
};
