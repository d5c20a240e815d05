// Rules about the machine's switches (EL2, EL3, MTE, highmem, SMMU): where they exist and what they need.
import type { MachineOptions } from '../../contract/definition.ts';
import { type MachineOptionName, machineOptionName } from '../row.ts';
import { type BoardContext, type Finding, type Rule, removeAt, setTo } from '../rule.ts';
import { listedCpu } from '../table.ts';

const words: Readonly<Record<MachineOptionName, string>> = {
  gicVersion: 'choice of interrupt controller',
  virtualization: 'switch for EL2 (virtualization)',
  secure: 'switch for EL3 (secure)',
  highmem: 'switch for highmem',
  mte: 'switch for memory tagging (mte)',
  iommu: 'choice of an SMMU',
};

function given(options: MachineOptions): MachineOptionName[] {
  return machineOptionName.options.filter((name) => options[name] !== undefined);
}

function absent({ board, definition }: BoardContext): Finding[] {
  const there = board.options ?? [];
  return given(definition.machineOptions)
    .filter((name) => !there.includes(name))
    .map((name) => ({
      field: `/machineOptions/${name}`,
      message: `${board.name} has no ${words[name]}; QEMU refuses to start with it.`,
      fix: removeAt('Leave it out', `/machineOptions/${name}`),
    }));
}

/** Measured on 10.0 and 11.1: "MTE requested, but not supported by the guest CPU". */
function mteCpu({ accelerator, board, cpu, definition, facts }: BoardContext): Finding | undefined {
  if (accelerator !== 'tcg' || definition.machineOptions.mte !== true) return undefined;
  if (!(board.options ?? []).includes('mte') || cpu.mte === true) return undefined;
  const fitting = board.cpu.fits.find(
    (name) => listedCpu(name)?.mte === true && facts.qemu.cpus.some((model) => model.name === name),
  );
  return {
    field: '/machineOptions/mte',
    message: `${definition.cpu} has no memory tagging; QEMU refuses to start.`,
    fix:
      fitting === undefined
        ? removeAt('Leave memory tagging out', '/machineOptions/mte')
        : setTo(`Use ${fitting}`, '/cpu', fitting),
  };
}

/** With EL3 the first flash belongs to the secure world: only firmware made for that starts (hw/arm/virt.c). */
function secureUefi({ definition }: BoardContext): Finding | undefined {
  if (definition.machineOptions.secure !== true || definition.boot.kind !== 'uefi') return undefined;
  return {
    field: '/machineOptions/secure',
    message:
      'With EL3 on, QEMU starts the firmware in the secure world; UEFI firmware of the packages is not made for that and stays silent.',
    fix: removeAt('Leave EL3 out', '/machineOptions/secure'),
  };
}

export const optionRules: readonly Rule[] = [
  { id: 'option-absent', severity: 'error', find: absent },
  { id: 'option-mte-cpu', severity: 'error', find: mteCpu },
  { id: 'option-secure-uefi', severity: 'error', find: secureUefi },
];
