// Rules about virt's interrupt controller: versions, what they need, how many vCPUs each serves.
import type { MachineOptions } from '../../contract/definition.ts';
import { type BoardContext, type Finding, type Rule, setTo } from '../rule.ts';

const field = '/machineOptions/gicVersion';

/**
 * vCPUs that the GIC serves (hw/arm/virt.c, virt_redist_capacity; measured on 10.0 and 11.1). Without highmem the
 * second redistributor region does not fit; GICv4's redistributors are twice as big. Left out and `max` become 3, or 4
 * with EL2 (`max`); `host` is the host's own.
 */
export function gicCapacity({ gicVersion, highmem, virtualization }: MachineOptions): number {
  const version = gicVersion === 'max' && virtualization === true ? '4' : gicVersion;
  switch (version) {
    case '2':
      return 8;
    case '4':
      return highmem === false ? 61 : 317;
    case '3':
    case 'host':
    case 'max':
    case undefined:
      return highmem === false ? 123 : 512;
  }
}

function hasGicChoice({ board }: BoardContext): boolean {
  return (board.options ?? []).includes('gicVersion');
}

function capacity(context: BoardContext): Finding | undefined {
  const { definition, board } = context;
  if (!hasGicChoice(context) || definition.vcpus > board.vcpus.max) return undefined;
  const { machineOptions, vcpus } = definition;
  const most = gicCapacity(machineOptions);
  if (vcpus <= most) return undefined;
  const withoutChoice = { ...machineOptions, gicVersion: '3' as const };
  const helps = machineOptions.gicVersion !== '3' && vcpus <= gicCapacity(withoutChoice);
  return {
    field: '/vcpus',
    message: `This interrupt controller${machineOptions.highmem === false ? ', with highmem off,' : ''} serves ${most} vCPUs; with ${vcpus}, QEMU refuses to start.`,
    fix: helps ? setTo('Use GICv3', field, '3') : setTo(`Use ${most}`, '/vcpus', most),
  };
}

function needsEl2(context: BoardContext): Finding | undefined {
  const { accelerator, definition } = context;
  const { gicVersion, virtualization } = definition.machineOptions;
  if (!hasGicChoice(context) || gicVersion !== '4' || virtualization === true) return undefined;
  if (accelerator !== 'tcg') return undefined;
  return {
    field,
    message: 'QEMU emulates GICv4 only together with EL2; without it, it refuses to start.',
    fix: setTo('Use GICv3', field, '3'),
  };
}

function host(context: BoardContext): Finding | undefined {
  if (!hasGicChoice(context) || context.definition.machineOptions.gicVersion !== 'host') return undefined;
  if (context.accelerator === 'kvm') return undefined;
  return {
    field,
    message: 'The host’s own interrupt controller can be used under KVM only; QEMU refuses to start.',
    fix: setTo('Use GICv3', field, '3'),
  };
}

export const gicRules: readonly Rule[] = [
  { id: 'gic-vcpus', severity: 'error', find: capacity },
  { id: 'gic-needs-virtualization', severity: 'error', find: needsEl2 },
  { id: 'gic-host', severity: 'error', find: host },
];
