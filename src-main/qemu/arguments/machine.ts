// The machine itself: board, switches, accelerator, CPU, cores, RAM.
import type { VmDefinition } from '../../contract/definition.ts';
import type { ExplainedArgument } from '../../contract/vm.ts';
import type { Launch } from '../launch.ts';
import { argument, optionList, optionValue } from './words.ts';

const onOff = (value: boolean) => (value ? 'on' : 'off');

interface Switch {
  name: keyof VmDefinition['machineOptions'];
  option(options: VmDefinition['machineOptions']): string | undefined;
  why: string;
}

/** QEMU merges several `-machine`, so that each switch stands by itself. */
const switches: readonly Switch[] = [
  {
    name: 'gicVersion',
    option: ({ gicVersion }) => gicVersion && `gic-version=${gicVersion}`,
    why: 'The interrupt controller: version 2 serves up to 8 cores, 3 and 4 serve more.',
  },
  {
    name: 'virtualization',
    option: ({ virtualization }) =>
      virtualization === undefined ? undefined : `virtualization=${onOff(virtualization)}`,
    why: 'Whether the guest gets EL2 and can run virtual machines of its own.',
  },
  {
    name: 'secure',
    option: ({ secure }) => (secure === undefined ? undefined : `secure=${onOff(secure)}`),
    why: 'Whether the guest gets EL3 and TrustZone.',
  },
  {
    name: 'highmem',
    option: ({ highmem }) => (highmem === undefined ? undefined : `highmem=${onOff(highmem)}`),
    why: 'Whether devices and RAM may lie above 4 GiB.',
  },
  {
    name: 'mte',
    option: ({ mte }) => (mte === undefined ? undefined : `mte=${onOff(mte)}`),
    why: 'Whether memory tagging works in the guest.',
  },
  {
    name: 'iommu',
    option: ({ iommu }) => iommu && `iommu=${iommu}`,
    why: 'Whether an SMMU translates the addresses of PCI devices.',
  },
];

function machineSwitches({ machineOptions }: VmDefinition): ExplainedArgument[] {
  return switches.flatMap(({ name, option, why }) => {
    const text = option(machineOptions);
    return text === undefined ? [] : [argument(['-machine', text], `/machineOptions/${name}`, why)];
  });
}

/** Before 10.0 `max` signs pointers with an algorithm that costs TCG five times the time of all the rest (QEMU docs/system/arm/cpu-features.rst). */
function cpuProperties({ cpu }: VmDefinition, { version, accelerator }: Launch): string | undefined {
  return cpu === 'max' && accelerator === 'tcg' && version.major < 10 ? 'pauth-impdef=on' : undefined;
}

const acceleratorWords: Record<Launch['accelerator'], string> = {
  tcg: 'QEMU translates the guest’s instructions: works everywhere, for every ARM CPU.',
  kvm: 'The host’s own CPU runs the guest’s instructions, through Linux’s KVM.',
  hvf: 'The host’s own CPU runs the guest’s instructions, through macOS’s Hypervisor framework.',
};

/** The name of the block is the one that QEMU gives it by itself, so that later snapshots fit a start without this. */
function mappedRamArguments({ mappedRam }: Launch): ExplainedArgument[] {
  if (!mappedRam) return [];
  const { id, file, pagesOffset, sizeBytes } = mappedRam;
  const backend = optionList(
    'memory-backend-file',
    `id=${id}`,
    `mem-path=${optionValue(file)}`,
    `offset=${pagesOffset}`,
    `size=${sizeBytes}`,
    'share=off,readonly=on,rom=off',
    'x-use-canonical-path-for-ramblock-id=off',
  );
  return [
    argument(
      ['-object', backend],
      '/memoryMiB',
      'The RAM begins as the saved memory has it; what the guest writes stays apart from that file.',
    ),
    argument(['-machine', `memory-backend=${id}`], '/memoryMiB', 'That is the guest’s RAM.'),
  ];
}

export function machineArguments(definition: VmDefinition, launch: Launch): ExplainedArgument[] {
  const { machine, cpu, vcpus, memoryMiB } = definition;
  return [
    argument(
      ['-machine', `${machine},dump-guest-core=off`],
      '/machine',
      'The board. A core dump of QEMU would leave out the guest’s memory.',
    ),
    ...machineSwitches(definition),
    argument(['-accel', launch.accelerator], '/accelerator', acceleratorWords[launch.accelerator]),
    argument(
      ['-cpu', optionList(cpu, cpuProperties(definition, launch))],
      '/cpu',
      'The CPU model of every core.',
    ),
    argument(['-smp', String(vcpus)], '/vcpus', 'How many cores the guest has.'),
    ...(launch.wiring.takesMemory
      ? [argument(['-m', `${memoryMiB}M`], '/memoryMiB', 'How much RAM the guest has.')]
      : []),
    ...mappedRamArguments(launch),
  ];
}
