// Rules about the loader list: addresses, cores, and what an image is.
import { cpuFor } from '../cpus.ts';
import { preferredCpu } from '../preferred.ts';
import { type BoardContext, type Finding, fileName, headerOf, type Rule, removeAt, setTo } from '../rule.ts';

function each(
  context: BoardContext,
  find: (loader: BoardContext['definition']['loaders'][number], index: number) => Finding | undefined,
): Finding[] {
  return context.definition.loaders.flatMap((loader, index) => find(loader, index) ?? []);
}

/**
 * hw/arm/boot.c: unless a Linux kernel is started, virt's device tree takes the first MiB of RAM, and QEMU ends with
 * "Some ROM regions are overlapping" when something is loaded over it (measured).
 */
const virtDeviceTree = { from: 0x4000_0000n, to: 0x4010_0000n };

function overDeviceTree(context: BoardContext): Finding[] {
  const { board, definition } = context;
  if (board.name !== 'virt' || definition.boot.kind === 'kernel') return [];
  return each(context, ({ file, address }, index) => {
    const from = address === undefined ? undefined : BigInt(address);
    const size = context.facts.files.get(file)?.sizeBytes ?? 1;
    if (from === undefined || from >= virtDeviceTree.to) return undefined;
    if (from + BigInt(Math.max(1, size)) <= virtDeviceTree.from) return undefined;
    return {
      field: `/loaders/${index}/address`,
      message: `QEMU puts the device tree of virt at 0x40000000 to 0x400fffff; ${fileName(file)} would lie over it, and QEMU refuses to start. Use 0x40100000 or above.`,
      fix: setTo('Load it at 0x40100000', `/loaders/${index}/address`, '0x40100000'),
    };
  });
}

const elfBits: Readonly<Record<number, 32 | 64>> = { 40: 32, 183: 64 };

/** hw/core/generic-loader.c loads any ELF (ELF_ARCH is EM_NONE there): the width of the core is nobody's question. */
function otherWidth(context: BoardContext): Finding[] {
  const { board, cpu, definition, facts } = context;
  return each(context, ({ file, core }, index) => {
    const header = headerOf(context, file);
    const bits = header?.type === 'elf' ? elfBits[header.machine] : undefined;
    // One that no core is started at may be data, or for another cluster's cores.
    if (core === undefined || bits === undefined || cpu.bits === null || bits === cpu.bits) return undefined;
    const better = preferredCpu(board, definition, facts.qemu, bits);
    const has = better !== undefined && cpuFor(better, facts.qemu).bits === bits;
    return {
      field: `/loaders/${index}/file`,
      message: `${fileName(file)} is ${bits}-bit, ${definition.cpu} ${cpu.bits}-bit: QEMU would load it without a word, and the core would run something else.`,
      ...(has ? { fix: setTo(`Use ${better}`, '/cpu', better) } : {}),
    };
  });
}

export const loaderRules: readonly Rule[] = [
  {
    // hw/core/generic-loader.c: without an address a raw file goes to 0.
    id: 'loader-address',
    severity: 'error',
    find: (context) =>
      each(context, ({ file, address }, index) => {
        const header = headerOf(context, file);
        if (
          address !== undefined ||
          header === undefined ||
          header.type === 'elf' ||
          header.type === 'uimage'
        ) {
          return undefined;
        }
        return {
          field: `/loaders/${index}/address`,
          message: `${fileName(file)} does not say where it belongs; without an address QEMU puts it at 0.`,
        };
      }),
  },
  {
    id: 'loader-foreign',
    severity: 'error',
    find: (context) =>
      each(context, ({ file }, index) => {
        const header = headerOf(context, file);
        if (header?.type !== 'elf' || header.machine === 40 || header.machine === 183) return undefined;
        return {
          field: `/loaders/${index}/file`,
          message: `${fileName(file)} is made for ${header.machineName}; QEMU would load it without a word, and no ARM core can run it.`,
        };
      }),
  },
  { id: 'loader-width', severity: 'error', find: otherWidth },
  {
    id: 'loader-core',
    severity: 'error',
    find: (context) =>
      each(context, ({ core }, index) => {
        const { vcpus } = context.definition;
        if (core === undefined || core < vcpus) return undefined;
        return {
          field: `/loaders/${index}/core`,
          message: `There is no core ${core}: this machine has ${vcpus === 1 ? 'core 0 alone' : `cores 0 to ${vcpus - 1}`}; QEMU refuses to start.`,
          fix: setTo('Use core 0', `/loaders/${index}/core`, 0),
        };
      }),
  },
  {
    id: 'loader-core-twice',
    severity: 'warning',
    find: (context) =>
      each(context, ({ core }, index) => {
        const earlier = context.definition.loaders.slice(0, index).some((other) => other.core === core);
        if (core === undefined || !earlier) return undefined;
        return {
          field: `/loaders/${index}/core`,
          message: `Core ${core} is told to start at two images; the last one wins.`,
          fix: removeAt('Load it without starting it', `/loaders/${index}/core`),
        };
      }),
  },
  {
    id: 'loader-no-start',
    severity: 'warning',
    find: ({ definition }) => {
      const { boot, loaders } = definition;
      if (boot.kind !== 'loader' || loaders.length === 0) return undefined;
      if (loaders.some(({ core }) => core !== undefined)) return undefined;
      return {
        field: '/loaders/0/core',
        message:
          'No image is named as the one to start: every core begins at its reset address, wherever the images are.',
        fix: setTo('Start core 0 at the first image', '/loaders/0/core', 0),
      };
    },
  },
  { id: 'loader-over-device-tree', severity: 'error', find: overDeviceTree },
];
