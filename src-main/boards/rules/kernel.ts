// Rules about what `-kernel` is given: made for this width of CPU, for ARM at all, in a form that QEMU unpacks.
import type { BootHeader } from '../../contract/image.ts';
import type { Fix } from '../../contract/problem.ts';
import { cpuFor } from '../cpus.ts';
import { preferredCpu } from '../preferred.ts';
import { type BoardContext, type Finding, fileName, headerOf, type Rule, setTo } from '../rule.ts';

const aarch64 = 183;
const arm = 40;

/** The file that `-kernel` gets, with the field that names it. */
function kernelFile({ definition: { boot } }: BoardContext): { file: string; field: string } | undefined {
  if (boot.kind === 'kernel') return { file: boot.kernel, field: '/boot/kernel' };
  return boot.kind === 'elf' ? { file: boot.file, field: '/boot/file' } : undefined;
}

/** The width of CPU that a file is made for; null when it does not say, 'foreign' when not for ARM. */
function madeFor(header: BootHeader): 32 | 64 | null | 'foreign' {
  switch (header.type) {
    case 'linux-arm64':
      return 64;
    case 'linux-arm':
      return 32;
    case 'elf':
      return header.machine === aarch64 ? 64 : header.machine === arm ? 32 : 'foreign';
    case 'pe':
      if (header.machine === 0xaa64) return 64;
      return header.machineName.startsWith('ARM') ? 32 : 'foreign';
    case 'uimage':
    case 'compressed':
    case 'device-tree':
    case 'iso9660':
    case 'unknown':
      return null;
  }
}

/** What QEMU does with an ELF that it cannot use: M-profile boards load it as plain bytes (hw/arm/armv7m.c). */
function consequence({ cpu }: BoardContext, header: BootHeader): string {
  if (header.type !== 'elf') return 'it would never print a thing';
  return cpu.profile === 'M'
    ? 'QEMU would load the file as plain bytes, and the CPU would lock up'
    : 'QEMU refuses to start';
}

function width(context: BoardContext): Finding | undefined {
  const { board, cpu, definition, facts } = context;
  const named = kernelFile(context);
  const header = headerOf(context, named?.file);
  if (named === undefined || header === undefined) return undefined;
  const bits = madeFor(header);
  if (bits === null || bits === 'foreign' || cpu.bits === null || bits === cpu.bits) return undefined;
  const what = `${fileName(named.file)} is ${bits}-bit, ${definition.cpu} ${cpu.bits}-bit: ${consequence(context, header)}.`;
  const better = preferredCpu(board, definition, facts.qemu, bits);
  if (better !== undefined && cpuFor(better, facts.qemu).bits === bits) {
    return { field: named.field, message: what, fix: setTo(`Use ${better}`, '/cpu', better) };
  }
  return {
    field: named.field,
    message: `${what} ${board.name} has no ${bits}-bit CPU: take another board, or a ${cpu.bits}-bit kernel.`,
  };
}

function foreign(context: BoardContext): Finding | undefined {
  const named = kernelFile(context);
  const header = headerOf(context, named?.file);
  if (named === undefined || (header?.type !== 'elf' && header?.type !== 'pe')) return undefined;
  if (madeFor(header) !== 'foreign') return undefined;
  return {
    field: named.field,
    message: `${fileName(named.file)} is made for ${header.machineName}, not for ARM: ${consequence(context, header)}.`,
  };
}

/**
 * QEMU unpacks gzip and gzipped EFI zboot images for 64-bit CPUs, and gzip inside of a uImage, nothing else
 * (hw/arm/boot.c load_aarch64_image, hw/core/loader.c unpack_efi_zboot_image and load_uboot_image).
 */
function packed(context: BoardContext): Finding | undefined {
  const named = kernelFile(context);
  const header = headerOf(context, named?.file);
  if (named === undefined || header === undefined) return undefined;
  const name = fileName(named.file);
  const wide = context.cpu.bits === 64;
  if (header.type === 'compressed' && !(wide && header.with === 'gzip')) {
    const why = wide ? 'QEMU unpacks gzip alone' : 'QEMU unpacks no kernel for a 32-bit CPU';
    return {
      field: named.field,
      message: `${name} is compressed (${header.with}) and ${why}: the CPU would run the packed bytes. Unpack it first.`,
    };
  }
  if (header.type === 'pe' && header.zboot !== undefined && header.zboot !== 'gzip') {
    return {
      field: named.field,
      message: `${name} is a kernel packed with ${header.zboot} for UEFI; QEMU unpacks gzip alone and refuses to start. Start it by UEFI, or unpack it.`,
    };
  }
  return undefined;
}

function notAKernel(context: BoardContext): Finding | undefined {
  const { boot } = context.definition;
  if (boot.kind !== 'kernel') return undefined;
  const header = headerOf(context, boot.kernel);
  const name = fileName(boot.kernel);
  const field = '/boot/kernel';
  switch (header?.type) {
    case 'iso9660':
      return { field, message: `${name} is a disc image, not a kernel: add it as a CD and start by UEFI.` };
    case 'device-tree':
      return { field, message: `${name} is a device tree, not a kernel: it belongs into the field below.` };
    case 'pe':
      return header.zboot === undefined && madeFor(header) !== 'foreign'
        ? {
            field,
            message: `${name} is an EFI program, not a kernel for QEMU’s boot protocol: start it by UEFI.`,
          }
        : undefined;
    case 'elf':
    case 'linux-arm64':
    case 'linux-arm':
    case 'uimage':
    case 'compressed':
    case 'unknown':
    case undefined:
      return undefined;
  }
}

function unrecognised(context: BoardContext): Finding | undefined {
  const { boot } = context.definition;
  if (boot.kind !== 'kernel' || headerOf(context, boot.kernel)?.type !== 'unknown') return undefined;
  return {
    field: '/boot/kernel',
    message: `${fileName(boot.kernel)} does not look like a kernel: QEMU would load its bytes as they are and start at the first.`,
  };
}

/** TCG with a CPU that it can make: the host's own needs the hardware. */
function emulated({ board, definition, facts }: BoardContext): Fix {
  const cpu = preferredCpu(board, definition, facts.qemu, 64) ?? board.cpu.default;
  return {
    label: 'Use TCG',
    steps: [
      { op: 'set', path: '/accelerator', value: 'tcg' },
      { op: 'set', path: '/cpu', value: cpu },
    ],
  };
}

/** A kernel checks its page size at its first instructions and stops in silence (arch/arm64/kernel/head.S). */
function pageSize(context: BoardContext): Finding | undefined {
  const { accelerator, cpu, definition } = context;
  const named = kernelFile(context);
  const header = headerOf(context, named?.file);
  if (named === undefined || header?.type !== 'linux-arm64' || header.pageSizeKiB === undefined)
    return undefined;
  const { pageSizeKiB } = header;
  if (accelerator === 'hvf' && pageSizeKiB === 64) {
    return {
      field: named.field,
      message:
        'This kernel uses pages of 64 KiB, which Apple’s CPUs do not have: it would never print a thing.',
      fix: emulated(context),
    };
  }
  if (cpu.granulesKiB === undefined || cpu.granulesKiB.includes(pageSizeKiB)) return undefined;
  const better = context.board.cpu.fits.find((name) =>
    cpuFor(name, context.facts.qemu).granulesKiB?.includes(pageSizeKiB),
  );
  return {
    field: named.field,
    message: `This kernel uses pages of ${pageSizeKiB} KiB, which ${definition.cpu} does not have: it would never print a thing.`,
    ...(better === undefined ? {} : { fix: setTo(`Use ${better}`, '/cpu', better) }),
  };
}

function dtbKind(context: BoardContext): Finding | undefined {
  const { boot } = context.definition;
  if (boot.kind !== 'kernel' || boot.dtb === undefined) return undefined;
  const header = headerOf(context, boot.dtb);
  if (header === undefined || header.type === 'device-tree') return undefined;
  return {
    field: '/boot/dtb',
    message: `${fileName(boot.dtb)} is not a device tree in its binary form (.dtb); QEMU refuses to start.`,
  };
}

/** Boards whose device tree QEMU makes or Armoire brings need none; the others' kernels find no hardware without. */
function dtbMissing({ board, definition }: BoardContext): Finding | undefined {
  const { boot } = definition;
  if (boot.kind !== 'kernel' || boot.dtb !== undefined) return undefined;
  if (board.deviceTree !== 'needed' || board.deviceTreeShipped !== undefined) return undefined;
  return {
    field: '/boot/dtb',
    message: `QEMU makes no device tree for ${board.name}: without one a current kernel finds no hardware and prints nothing. ${board.deviceTreeFile ?? 'It comes with the kernel’s package.'}`,
  };
}

function initrdKind(context: BoardContext): Finding | undefined {
  const { boot } = context.definition;
  if (boot.kind !== 'kernel' || boot.initrd === undefined) return undefined;
  const type = headerOf(context, boot.initrd)?.type;
  if (type === undefined || type === 'unknown' || type === 'compressed' || type === 'uimage')
    return undefined;
  return {
    field: '/boot/initrd',
    message: `${fileName(boot.initrd)} is not an initial RAM disk (a cpio archive, mostly compressed); the kernel would stop for want of a root file system.`,
  };
}

/** LPA2 of `max` came to Linux with 5.12; older kernels hang at their first page table (QEMU docs, cpu-features). */
function oldKernelOnMax({ accelerator, definition }: BoardContext): Finding | undefined {
  if (accelerator !== 'tcg' || definition.cpu !== 'max' || definition.boot.kind !== 'kernel')
    return undefined;
  return {
    field: '/cpu',
    message:
      'Kernels before 5.12 hang on the CPU max before they print anything; cortex-a76 starts old and new ones.',
    fix: setTo('Use cortex-a76', '/cpu', 'cortex-a76'),
  };
}

export const kernelRules: readonly Rule[] = [
  { id: 'kernel-width', severity: 'error', find: width },
  { id: 'kernel-foreign', severity: 'error', find: foreign },
  { id: 'kernel-packed', severity: 'error', find: packed },
  { id: 'kernel-kind', severity: 'error', find: notAKernel },
  { id: 'kernel-page-size', severity: 'error', find: pageSize },
  { id: 'kernel-unrecognised', severity: 'hint', find: unrecognised },
  { id: 'kernel-cpu-max', severity: 'hint', find: oldKernelOnMax },
  { id: 'dtb-kind', severity: 'error', find: dtbKind },
  { id: 'dtb-missing', severity: 'warning', find: dtbMissing },
  { id: 'initrd-kind', severity: 'warning', find: initrdKind },
];
