// Tells what a boot file is from its first bytes; never throws, never trusts a length it read.
import type { BootHeader } from '../contract/image.ts';

const unknown: BootHeader = { type: 'unknown' };

/** ELF e_machine and PE machine numbers that a user may well pick by mistake, with the architecture's name. */
const elfMachines: Readonly<Record<number, string>> = {
  3: 'x86',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  22: 's390',
  40: 'ARM (32-bit)',
  62: 'x86-64',
  183: 'AArch64',
  243: 'RISC-V',
  258: 'LoongArch',
};
const peMachines: Readonly<Record<number, string>> = {
  332: 'x86',
  448: 'ARM (32-bit)',
  450: 'ARM Thumb',
  452: 'ARM (32-bit)',
  20530: 'RISC-V 32',
  20580: 'RISC-V 64',
  25188: 'LoongArch 64',
  34404: 'x86-64',
  43620: 'AArch64',
};

/** Reads within the bytes at hand; outside of them every number is undefined. */
class Bytes {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #has(offset: number, length: number): boolean {
    return offset >= 0 && offset + length <= this.#view.byteLength;
  }

  u16(offset: number, little: boolean): number | undefined {
    return this.#has(offset, 2) ? this.#view.getUint16(offset, little) : undefined;
  }

  u32(offset: number, little: boolean): number | undefined {
    return this.#has(offset, 4) ? this.#view.getUint32(offset, little) : undefined;
  }

  u64(offset: number, little: boolean): bigint | undefined {
    return this.#has(offset, 8) ? this.#view.getBigUint64(offset, little) : undefined;
  }

  u8(offset: number): number | undefined {
    return this.#bytes[offset];
  }

  startsWith(magic: readonly number[], offset = 0): boolean {
    return magic.every((byte, index) => this.#bytes[offset + index] === byte);
  }

  /** Printable ASCII up to the first NUL, without trailing blanks. */
  text(offset: number, length: number): string {
    const slice = this.#bytes.subarray(offset, offset + length);
    const end = slice.indexOf(0);
    const shown = end === -1 ? slice : slice.subarray(0, end);
    return [...shown]
      .map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '?'))
      .join('')
      .trimEnd();
  }
}

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));

/** Linux, Documentation/arch/arm64/booting.rst: 64-byte header, magic `ARM\x64` at 56, flags at 24. */
function linuxArm64(bytes: Bytes): BootHeader | undefined {
  if (!bytes.startsWith([0x41, 0x52, 0x4d, 0x64], 56)) return undefined;
  const imageSize = bytes.u64(16, true);
  const flags = bytes.u64(24, true);
  if (imageSize === undefined || flags === undefined) return undefined;
  const pageSizes = [undefined, 4, 16, 64] as const;
  const pageSizeKiB = pageSizes[Number((flags >> 1n) & 3n)];
  return {
    type: 'linux-arm64',
    ...(pageSizeKiB === undefined ? {} : { pageSizeKiB }),
    bigEndian: (flags & 1n) === 1n,
    efiStub: bytes.startsWith(ascii('MZ')),
    imageSizeBytes: Number(imageSize),
  };
}

/** Linux, arch/arm/boot/compressed/head.S: the zImage magic at 0x24, in the kernel's byte order. */
function linuxArm(bytes: Bytes): BootHeader | undefined {
  const magic = bytes.u32(0x24, true);
  return magic === 0x016f2818 || magic === 0x18286f01 ? { type: 'linux-arm' } : undefined;
}

function elf(bytes: Bytes, sizeBytes: number): BootHeader | undefined {
  if (!bytes.startsWith([0x7f, 0x45, 0x4c, 0x46])) return undefined;
  const wide = bytes.u8(4) === 2;
  const little = bytes.u8(5) !== 2;
  const machine = bytes.u16(18, little);
  const entry = wide ? bytes.u64(24, little) : bytes.u32(24, little);
  const programHeaders = wide ? bytes.u64(32, little) : bytes.u32(28, little);
  if (machine === undefined || entry === undefined || programHeaders === undefined) return unknown;
  if (programHeaders > sizeBytes) return unknown;
  return {
    type: 'elf',
    bits: wide ? 64 : 32,
    machine,
    machineName: elfMachines[machine] ?? `ELF machine ${machine}`,
    entry: `0x${entry.toString(16)}`,
    bigEndian: !little,
  };
}

/** PE/COFF, and Linux's EFI zboot (drivers/firmware/efi/libstub/zboot-header.S): `zimg` at 4, compression at 24. */
function pe(bytes: Bytes): BootHeader | undefined {
  if (!bytes.startsWith(ascii('MZ'))) return undefined;
  const header = bytes.u32(0x3c, true);
  if (header === undefined || !bytes.startsWith([0x50, 0x45, 0, 0], header)) return undefined;
  const machine = bytes.u16(header + 4, true);
  if (machine === undefined) return unknown;
  return {
    type: 'pe',
    machine,
    machineName: peMachines[machine] ?? `PE machine 0x${machine.toString(16)}`,
    ...(bytes.startsWith(ascii('zimg'), 4) ? { zboot: bytes.text(24, 32) } : {}),
  };
}

/** U-Boot's legacy image (include/image.h): magic at 0, name at 32. */
function uimage(bytes: Bytes): BootHeader | undefined {
  if (bytes.u32(0, false) !== 0x27051956 || bytes.u8(63) === undefined) return undefined;
  return { type: 'uimage', description: bytes.text(32, 32) };
}

function compressed(bytes: Bytes): BootHeader | undefined {
  const magics = [
    ['gzip', [0x1f, 0x8b, 0x08]],
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
    ['bzip2', [0x42, 0x5a, 0x68]],
    ['lz4', [0x04, 0x22, 0x4d, 0x18]],
    // The legacy frame, which the kernel's build writes (lz4 -l).
    ['lz4', [0x02, 0x21, 0x4c, 0x18]],
  ] as const;
  const found = magics.find(([, magic]) => bytes.startsWith(magic));
  return found === undefined ? undefined : { type: 'compressed', with: found[0] };
}

/** Devicetree Specification 0.4, 5.2. */
function deviceTree(bytes: Bytes, sizeBytes: number): BootHeader | undefined {
  if (bytes.u32(0, false) !== 0xd00dfeed) return undefined;
  const total = bytes.u32(4, false);
  return total === undefined || total > sizeBytes ? unknown : { type: 'device-tree', sizeBytes: total };
}

/** False when El Torito offers no EFI entry (platform 0xEF); which architecture an entry is for needs the file itself. */
function offersUefi(bytes: Bytes): boolean | undefined {
  const sector = 2048;
  const record = 17 * sector;
  if (!bytes.startsWith([0, ...ascii('CD001')], record)) return false;
  if (!bytes.startsWith(ascii('EL TORITO SPECIFICATION'), record + 7)) return false;
  const catalogue = (bytes.u32(record + 71, true) ?? 0) * sector;
  // The validation entry comes first; every section header (0x90, last one 0x91) names its platform.
  if (bytes.u8(catalogue) !== 1) return undefined;
  if (bytes.u8(catalogue + 1) === 0xef) return undefined;
  let entry = catalogue + 64;
  for (let sections = 0; sections < 32; sections++) {
    const kind = bytes.u8(entry);
    if (kind !== 0x90 && kind !== 0x91) return kind === undefined ? undefined : false;
    if (bytes.u8(entry + 1) === 0xef) return undefined;
    if (kind === 0x91) return false;
    entry += 32 * (1 + (bytes.u16(entry + 2, true) ?? 0));
  }
  return undefined;
}

/** ECMA-119: the primary volume descriptor in sector 16, the volume's name at 40. */
function iso9660(bytes: Bytes): BootHeader | undefined {
  const descriptor = 16 * 2048;
  if (!bytes.startsWith([1, ...ascii('CD001'), 1], descriptor)) return undefined;
  if (bytes.u8(descriptor + 71) === undefined) return undefined;
  const uefi = offersUefi(bytes);
  return {
    type: 'iso9660',
    volume: bytes.text(descriptor + 40, 32),
    ...(uefi === undefined ? {} : { uefiArm64: uefi }),
  };
}

/**
 * What a file is, from its first bytes (64 KiB are enough) and its whole size. Anything cut short, damaged or
 * not known is `unknown`. An ISO's `uefiArm64` is false when it cannot start by UEFI at all, else left out.
 */
export function readBootHeader(first: Uint8Array, sizeBytes: number): BootHeader {
  const bytes = new Bytes(first);
  return (
    // First: the system area before the descriptor may hold anything, a PE header or a partition table too.
    iso9660(bytes) ??
    linuxArm64(bytes) ??
    linuxArm(bytes) ??
    elf(bytes, sizeBytes) ??
    pe(bytes) ??
    uimage(bytes) ??
    compressed(bytes) ??
    deviceTree(bytes, sizeBytes) ??
    unknown
  );
}
