// Rules about RAM: what the board, its memory map, the CPU's address bits, the firmware and the host allow.
import { formatMiB, nearestMemory, usableMemory } from '../memory.ts';
import { type BoardContext, type Finding, type Rule, setTo } from '../rule.ts';

const field = '/memoryMiB';
const mebi = 1024;

function use(sizeMiB: number) {
  return setTo(`Use ${formatMiB(sizeMiB)}`, field, sizeMiB);
}

function boardRule({ board, definition }: BoardContext): Finding | undefined {
  const asked = definition.memoryMiB;
  const { memory } = board;
  const nearest = nearestMemory(memory, asked);
  if (nearest === asked || memory.kind === 'ignored') return undefined;
  const refuses = `with ${formatMiB(asked)}, QEMU refuses to start.`;
  switch (memory.kind) {
    case 'range':
      return {
        field,
        message: `${board.name} takes ${formatMiB(memory.minMiB)} to ${formatMiB(memory.maxMiB)}; ${refuses}`,
        fix: use(nearest),
      };
    case 'list':
      return {
        field,
        message: `${board.name} comes with ${memory.sizesMiB.map(formatMiB).join(', ')}; ${refuses}`,
        fix: use(nearest),
      };
    case 'fixed':
      return { field, message: `${board.name} has ${formatMiB(memory.MiB)}; ${refuses}`, fix: use(nearest) };
  }
}

function ignoredByBoard({ board, definition }: BoardContext): Finding | undefined {
  const { memory } = board;
  if (memory.kind !== 'ignored' || definition.memoryMiB === memory.MiB) return undefined;
  return {
    field,
    message: `${board.name} has memory of its own and ignores this setting: the guest does not get ${formatMiB(definition.memoryMiB)}.`,
    fix: use(memory.MiB),
  };
}

function unreachable({ board, definition }: BoardContext): Finding | undefined {
  const usable = usableMemory(board.memory);
  if (definition.memoryMiB <= usable) return undefined;
  if (nearestMemory(board.memory, definition.memoryMiB) !== definition.memoryMiB) return undefined;
  return {
    field,
    message: `The memory map of ${board.name} has room for ${formatMiB(usable)}; QEMU takes more, and the guest cannot use it.`,
    fix: use(usable),
  };
}

/** virt puts RAM at 1 GiB and keeps 512 GiB windows above it (hw/arm/virt.c, virt_set_memmap). */
function addressBits({ board, cpu, definition }: BoardContext): Finding | undefined {
  if (board.name !== 'virt' || cpu.addressBits === undefined) return undefined;
  const { highmem } = definition.machineOptions;
  if (highmem === false) return undefined;
  const limitMiB = 2 ** (cpu.addressBits - 20) - mebi;
  if (definition.memoryMiB <= limitMiB) return undefined;
  return {
    field,
    message: `${definition.cpu} has ${cpu.addressBits} physical address bits, enough for ${formatMiB(limitMiB)} of RAM on virt; QEMU refuses more.`,
    fix: use(limitMiB),
  };
}

/** Without highmem everything must lie below 4 GiB, and RAM begins at 1 GiB (hw/arm/virt.c). */
function highmemOff({ board, definition }: BoardContext): Finding | undefined {
  if (board.name !== 'virt' || definition.machineOptions.highmem !== false) return undefined;
  if (definition.memoryMiB <= 3 * mebi) return undefined;
  return {
    field,
    message: `Without highmem all memory lies below 4 GiB, which leaves 3 GiB for RAM; QEMU refuses ${formatMiB(definition.memoryMiB)}.`,
    fix: { label: 'Turn highmem on', steps: [{ op: 'remove', path: '/machineOptions/highmem' }] },
  };
}

/** Measured: edk2 crashes with 64 MiB, works with 128. */
function uefiMinimum({ board, definition }: BoardContext): Finding | undefined {
  if (definition.boot.kind !== 'uefi' || definition.memoryMiB >= 128) return undefined;
  if (nearestMemory(board.memory, 512) !== 512) return undefined;
  return {
    field,
    message: `UEFI firmware crashes with ${formatMiB(definition.memoryMiB)} before it prints anything; it needs 128 MiB, and an operating system more.`,
    fix: use(512),
  };
}

/** hw/arm/boot.c, arm_load_dtb: one memory node for all of it, devices included; the kernel hangs in them. */
function splitForKernel({ board, definition }: BoardContext): Finding | undefined {
  const most = board.kernelMemoryMiB;
  if (definition.boot.kind !== 'kernel' || most === undefined || definition.memoryMiB <= most)
    return undefined;
  return {
    field,
    message: `${board.name} has its RAM above ${formatMiB(most)} in another place, and QEMU tells a kernel that it starts itself of one block: it would take devices for RAM and never print a thing.`,
    fix: use(most),
  };
}

/** Half of the host's memory, of a size that the board takes; undefined when the board takes none that small. */
function comfortable({ board, facts }: BoardContext): number | undefined {
  const half = 2 ** Math.floor(Math.log2(Math.max(2, facts.host.memoryMiB / 2)));
  const nearest = nearestMemory(board.memory, half);
  return nearest <= facts.host.memoryMiB * 0.8 ? nearest : undefined;
}

function moreThanHost(context: BoardContext): Finding | undefined {
  const { board, definition, facts } = context;
  if (board.memory.kind === 'ignored' || definition.memoryMiB <= facts.host.memoryMiB) return undefined;
  const less = comfortable(context);
  return {
    field,
    message: `This computer has ${formatMiB(facts.host.memoryMiB)}: QEMU would refuse to start, or be killed once the guest uses its ${formatMiB(definition.memoryMiB)}.`,
    ...(less === undefined ? {} : { fix: use(less) }),
  };
}

function mostOfHost(context: BoardContext): Finding | undefined {
  const { board, definition, facts } = context;
  const { memoryMiB } = facts.host;
  if (board.memory.kind === 'ignored') return undefined;
  if (definition.memoryMiB <= memoryMiB * 0.8 || definition.memoryMiB > memoryMiB) return undefined;
  const less = comfortable(context);
  return {
    field,
    message: `That is ${Math.round((definition.memoryMiB / memoryMiB) * 100)} % of this computer’s ${formatMiB(memoryMiB)}: it will swap once the guest uses it all.`,
    ...(less === undefined ? {} : { fix: use(less) }),
  };
}

export const memoryRules: readonly Rule[] = [
  { id: 'memory-board', severity: 'error', find: boardRule },
  { id: 'memory-address-bits', severity: 'error', find: addressBits },
  { id: 'memory-highmem', severity: 'error', find: highmemOff },
  { id: 'memory-uefi', severity: 'error', find: uefiMinimum },
  { id: 'memory-kernel', severity: 'error', find: splitForKernel },
  { id: 'memory-host', severity: 'error', find: moreThanHost },
  { id: 'memory-host-most', severity: 'warning', find: mostOfHost },
  { id: 'memory-ignored', severity: 'warning', find: ignoredByBoard },
  { id: 'memory-unreachable', severity: 'warning', find: unreachable },
];
