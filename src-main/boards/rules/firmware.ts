// Rules about firmware: UEFI from the descriptors, images for -bios and flash, bare-metal ELFs.
import type { FirmwareDescriptor, QemuCapabilities } from '../../contract/qemu.ts';
import { preferredCpu } from '../preferred.ts';
import { type BoardContext, type Finding, fileName, headerOf, type Rule, setTo } from '../rule.ts';

const mebi = 1024 * 1024;

/** QEMU docs/interop/firmware.json: machines are globs of which only `*` is used. */
function isFor({ architecture, machines }: FirmwareDescriptor, arch: string, machine: string): boolean {
  if (architecture !== arch) return false;
  return machines.some((glob) =>
    glob.endsWith('*') ? machine.startsWith(glob.slice(0, -1)) : machine === glob,
  );
}

function hasUefi(qemu: QemuCapabilities, arch: string, machine: string): boolean {
  return qemu.firmware.some((descriptor) => isFor(descriptor, arch, machine));
}

function uefiArch({ cpu }: BoardContext): 'aarch64' | 'arm' {
  return cpu.bits === 32 ? 'arm' : 'aarch64';
}

function takesUefi({ board, definition }: BoardContext): boolean {
  return definition.boot.kind === 'uefi' && board.boot.includes('uefi');
}

function uefiWidth(context: BoardContext): Finding | undefined {
  const { board, definition, facts } = context;
  if (!takesUefi(context) || context.cpu.bits !== 32) return undefined;
  if (hasUefi(facts.qemu, 'arm', board.pinned)) return undefined;
  const better = preferredCpu(board, definition, facts.qemu, 64);
  return {
    field: '/cpu',
    message: `The UEFI firmware here is 64-bit; on the 32-bit ${definition.cpu} it would never print a thing.`,
    ...(better === undefined ? {} : { fix: setTo(`Use ${better}`, '/cpu', better) }),
  };
}

function uefiMissing(context: BoardContext): Finding | undefined {
  const { board, facts } = context;
  if (!takesUefi(context) || uefiArch(context) === 'arm') return undefined;
  if (hasUefi(facts.qemu, 'aarch64', board.pinned)) return undefined;
  return {
    field: '/boot',
    message:
      'No UEFI firmware for ARM is installed beside this QEMU (Debian has it in qemu-efi-aarch64; the bundled QEMU brings its own).',
  };
}

/** tianocore/edk2#11962: edk2-stable202511 hangs with the features of `max`. */
function uefiMax(context: BoardContext): Finding | undefined {
  if (!takesUefi(context) || context.definition.cpu !== 'max' || context.accelerator !== 'tcg')
    return undefined;
  return {
    field: '/cpu',
    message: 'Current UEFI firmware (edk2 2025.11) hangs with the CPU max before it prints anything.',
    fix: setTo('Use cortex-a76', '/cpu', 'cortex-a76'),
  };
}

function uefiNoDisk(context: BoardContext): Finding | undefined {
  if (!takesUefi(context) || context.definition.disks.length > 0) return undefined;
  return { field: '/disks', message: 'With no disk the firmware finds no system and ends in its own shell.' };
}

/** What `-bios` and flash cannot use: QEMU copies the file to address 0 as it is, headers and all. */
function biosKind(context: BoardContext): Finding | undefined {
  const { boot } = context.definition;
  const file = boot.kind === 'bios' ? boot.file : boot.kind === 'pflash' ? boot.code : undefined;
  const header = headerOf(context, file);
  if (file === undefined || header === undefined) return undefined;
  const field = boot.kind === 'bios' ? '/boot/file' : '/boot/code';
  switch (header.type) {
    case 'elf':
      return {
        field,
        message: `${fileName(file)} is an ELF; QEMU would copy it into flash headers and all, and the CPU would run the headers.`,
        ...(context.board.boot.includes('elf')
          ? { fix: setTo('Start it as an ELF', '/boot', { kind: 'elf', file }) }
          : {}),
      };
    case 'linux-arm64':
    case 'linux-arm':
    case 'uimage':
      return {
        field,
        message: `${fileName(file)} is a Linux kernel, not firmware: it needs QEMU’s boot protocol.`,
        ...(context.board.boot.includes('kernel')
          ? { fix: setTo('Start it as a kernel', '/boot', { kind: 'kernel', kernel: file, cmdline: '' }) }
          : {}),
      };
    case 'iso9660':
    case 'device-tree':
    case 'compressed':
      return {
        field,
        message: `${fileName(file)} is ${header.type === 'iso9660' ? 'a disc image' : header.type === 'compressed' ? `compressed (${header.with})` : 'a device tree'}, not firmware; the CPU would run its bytes as code.`,
      };
    case 'pe':
    case 'unknown':
      return undefined;
  }
}

/** hw/arm/virt.c: two flash devices of 64 MiB; `-bios` goes into the first. Others by the board's own flash. */
function flashTooSmall({ board, definition, facts }: BoardContext): Finding[] {
  const { boot } = definition;
  const limit = board.flashMiB;
  if (limit === undefined) return [];
  const files =
    boot.kind === 'bios'
      ? [['/boot/file', boot.file] as const]
      : boot.kind === 'pflash'
        ? [['/boot/code', boot.code] as const, ['/boot/vars', boot.vars] as const]
        : [];
  return files.flatMap(([field, file]) => {
    const fact = file === undefined ? undefined : facts.files.get(file);
    if (file === undefined || fact?.kind !== 'file' || fact.sizeBytes <= limit * mebi) return [];
    return {
      field,
      message: `${fileName(file)} is larger than the flash of ${board.name} (${limit} MiB); QEMU refuses to start.`,
    };
  });
}

function notAnElf(context: BoardContext): Finding | undefined {
  const { boot } = context.definition;
  if (boot.kind !== 'elf') return undefined;
  const header = headerOf(context, boot.file);
  if (header === undefined || header.type === 'elf') return undefined;
  const isKernel = ['linux-arm64', 'linux-arm', 'uimage'].includes(header.type);
  const name = fileName(boot.file);
  if (isKernel && context.board.boot.includes('kernel')) {
    return {
      field: '/boot/file',
      message: `${name} is a Linux kernel, not an ELF: it needs a command line, and QEMU’s boot protocol.`,
      fix: setTo('Start it as a kernel', '/boot', { kind: 'kernel', kernel: boot.file, cmdline: '' }),
    };
  }
  return {
    field: '/boot/file',
    message: `${name} is not an ELF: QEMU would load its bytes as they are, at an address of its own choice.`,
  };
}

export const firmwareRules: readonly Rule[] = [
  { id: 'uefi-width', severity: 'error', find: uefiWidth },
  { id: 'uefi-missing', severity: 'error', find: uefiMissing },
  { id: 'uefi-cpu-max', severity: 'warning', find: uefiMax },
  { id: 'uefi-no-disk', severity: 'hint', find: uefiNoDisk },
  { id: 'firmware-kind', severity: 'error', find: biosKind },
  { id: 'firmware-size', severity: 'error', find: flashTooSmall },
  { id: 'elf-kind', severity: 'warning', find: notAnElf },
];
