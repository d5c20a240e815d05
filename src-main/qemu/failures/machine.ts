// Failures about the machine: its type, cores, RAM, interrupt controller and switches.
import { defaultMemory } from '../../boards/memory.ts';
import { listedBoard, unversioned } from '../../boards/table.ts';
import type { MachineOptions, VmDefinition } from '../../contract/definition.ts';
import type { Fix } from '../../contract/problem.ts';
import { type FailureRow, group, remove, set, sizeMiB } from './row.ts';

const MiB = 1024 * 1024;

function memoryFix(sizeInMiB: number | undefined): Fix | undefined {
  return sizeInMiB === undefined || sizeInMiB < 1
    ? undefined
    : set(`Use ${sizeInMiB} MiB`, '/memoryMiB', sizeInMiB);
}

/** QEMU's names of the switches, and the definition's. */
const optionNames: Readonly<Record<string, keyof MachineOptions>> = {
  'gic-version': 'gicVersion',
  virtualization: 'virtualization',
  secure: 'secure',
  highmem: 'highmem',
  mte: 'mte',
  iommu: 'iommu',
};

function switchOff(name: keyof MachineOptions): Fix {
  return remove('Leave it out', `/machineOptions/${name}`);
}

const accelerated: Readonly<Record<string, keyof MachineOptions>> = {
  'Security extensions (TrustZone)': 'secure',
  'Virtualization extensions': 'virtualization',
  MTE: 'mte',
};

const useGic3 = set('Use GIC version 3', '/machineOptions/gicVersion', '3');

function tooManyCores({ vcpus, machineOptions }: VmDefinition, limit: number) {
  const isGic2 = limit === 8;
  return {
    message: `The interrupt controller${isGic2 ? ' (GIC version 2)' : ''} of this machine serves ${limit} cores, not ${vcpus}.`,
    remedy: isGic2 ? 'Use GIC version 3.' : `Use at most ${limit} cores.`,
    field: isGic2 && machineOptions.gicVersion !== undefined ? '/machineOptions/gicVersion' : '/vcpus',
    fix: isGic2 ? useGic3 : set(`Use ${limit} cores`, '/vcpus', limit),
  };
}

/** Every QEMU that has the board in some version has it by this name: the newest one. */
function withoutVersion(machine: string): Fix | undefined {
  const name = unversioned(machine);
  return name === machine ? undefined : set(`Use ${name}`, '/machine', name);
}

/** The board's usual size, where that is less. */
function usualMemory({ machine, memoryMiB }: VmDefinition): Fix | undefined {
  const row = listedBoard(machine)?.row;
  const usual = row && defaultMemory(row.memory);
  return memoryFix(usual !== undefined && usual < memoryMiB ? usual : undefined);
}

export const machineFailures: readonly FailureRow[] = [
  {
    id: 'machine-unknown',
    pattern: /unsupported machine type/,
    explain: (_match, { machine }) => ({
      code: 'unsupported',
      message: `This QEMU has no machine type ${machine}.`,
      remedy: 'Choose a machine type that it has, or use another version of QEMU.',
      field: '/machine',
      fix: withoutVersion(machine),
    }),
  },
  {
    id: 'cores-beyond-gic',
    pattern: /SMP CPUs requested \(\d+\) exceeds max CPUs supported by machine '[^']*' \((\d+)\)/,
    explain: (match, definition) => tooManyCores(definition, Number(group(match, 1))),
  },
  {
    id: 'cores-of-board',
    pattern: /Invalid SMP CPUs (\d+)\. The (min|max) CPUs supported by machine '[^']*' is (\d+)/,
    explain: (match, { machine }) => {
      const limit = Number(group(match, 3));
      return {
        message: `The board ${machine} has ${group(match, 2) === 'min' ? 'at least' : 'at most'} ${limit} cores, not ${group(match, 1)}.`,
        remedy: `Use ${limit} cores.`,
        field: '/vcpus',
        fix: set(`Use ${limit} cores`, '/vcpus', limit),
      };
    },
  },
  {
    id: 'ram-of-board',
    pattern: /Invalid RAM size, should be (.+)/,
    explain: (match, { machine }) => ({
      message: `The board ${machine} has ${group(match, 1)} of RAM, no other size.`,
      remedy: `Use ${group(match, 1)}.`,
      field: '/memoryMiB',
      fix: memoryFix(sizeMiB(group(match, 1))),
    }),
  },
  {
    id: 'ram-limit-of-board',
    pattern: /cannot model more than (\S+?) ?RAM|RAM size more than (\S+) is not supported/,
    explain: (match, { machine, memoryMiB }) => {
      const limit = group(match, 1) || group(match, 2);
      return {
        message: `The board ${machine} has room for ${limit} of RAM, not ${memoryMiB} MiB.`,
        remedy: `Use at most ${limit}.`,
        field: '/memoryMiB',
        fix: memoryFix(sizeMiB(limit)),
      };
    },
  },
  {
    id: 'ram-not-of-board',
    pattern: /Invalid RAM size|DRAM size must be a power of two|ram-size \d+ MiB is not supported/,
    explain: (_match, { machine, memoryMiB }) => ({
      message: `The board ${machine} cannot have ${memoryMiB} MiB of RAM.`,
      remedy: 'Choose a size that this board has.',
      field: '/memoryMiB',
    }),
  },
  {
    id: 'ram-beyond-address',
    pattern: /Addressing limited to (\d+) bits, but memory exceeds it by (\d+) bytes/,
    explain: (match, { cpu, memoryMiB, machineOptions }) => {
      const fitting = memoryMiB - Math.ceil(Number(group(match, 2)) / MiB);
      const because = machineOptions.highmem === false ? 'With highmem off' : `With the CPU ${cpu}`;
      return {
        message: `${because} the machine addresses ${group(match, 1)} bits: ${memoryMiB} MiB of RAM do not fit.`,
        remedy: fitting >= 1 ? `Use at most ${fitting} MiB.` : 'Use less RAM.',
        field: '/memoryMiB',
        fix: memoryFix(fitting),
      };
    },
  },
  {
    id: 'ram-beyond-host',
    pattern: /cannot set up guest memory|Cannot allocate memory/,
    explain: (_match, definition) => ({
      message: `This computer cannot give the guest ${definition.memoryMiB} MiB of RAM.`,
      remedy: 'Use less RAM, or stop other machines and programs first.',
      field: '/memoryMiB',
      fix: usualMemory(definition),
    }),
  },
  {
    id: 'gic4-without-el2',
    pattern: /does not support GICv4 emulation, is virtualization=on\?/,
    explain: () => ({
      message: 'QEMU emulates GIC version 4 only together with EL2 (virtualization).',
      remedy: 'Switch virtualization on, or use GIC version 3.',
      field: '/machineOptions/gicVersion',
      fix: useGic3,
    }),
  },
  {
    id: 'gic-host',
    pattern: /gic-version=host requires KVM/,
    explain: () => ({
      message: 'GIC version “host” is this computer’s own interrupt controller, which only KVM can use.',
      remedy: 'Use GIC version 3.',
      field: '/machineOptions/gicVersion',
      fix: useGic3,
    }),
  },
  {
    id: 'gic-version',
    pattern: /Invalid gic-version value|(?:does not support GICv\d|unsupported GIC version)/,
    explain: (_match, { machineOptions }) => ({
      message: `GIC version ${machineOptions.gicVersion ?? ''} is not possible with this QEMU and accelerator.`,
      remedy: 'Use GIC version 3.',
      field: '/machineOptions/gicVersion',
      fix: useGic3,
    }),
  },
  {
    id: 'iommu-value',
    pattern: /Invalid iommu value/,
    explain: () => ({
      message: 'This QEMU does not have the chosen IOMMU.',
      remedy: 'Use none or smmuv3.',
      field: '/machineOptions/iommu',
      fix: switchOff('iommu'),
    }),
  },
  {
    id: 'extension-under-acceleration',
    pattern: /\b(\w{1,20}) does not support providing (.+?) to the guest CPU/,
    explain: (match) => {
      const name = accelerated[group(match, 2)];
      return {
        message: `${group(match, 1)} cannot give ${group(match, 2)} to a guest on this computer.`,
        remedy: 'Leave the switch out, or use TCG, which emulates them.',
        field: name && `/machineOptions/${name}`,
        fix: name && set('Use TCG', '/accelerator', 'tcg'),
      };
    },
  },
  {
    id: 'switch-not-of-board',
    pattern: /Property '\S+-machine\.([\w-]+)' not found/,
    explain: (match, { machine }) => {
      const name = optionNames[group(match, 1)];
      return {
        message: `The board ${machine} has no switch ${group(match, 1)}.`,
        remedy: 'Leave it out.',
        field: name && `/machineOptions/${name}`,
        fix: name && switchOff(name),
      };
    },
  },
];
