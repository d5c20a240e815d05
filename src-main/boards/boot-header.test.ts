import { describe, expect, it } from 'vitest';
import type { BootHeader } from '../contract/image.ts';
import { readBootHeader } from './boot-header.ts';

type Put = readonly [offset: number, bytes: readonly number[] | string];

function image(size: number, ...puts: readonly Put[]): Uint8Array {
  const bytes = new Uint8Array(size);
  for (const [offset, value] of puts) {
    bytes.set(typeof value === 'string' ? new TextEncoder().encode(value) : value, offset);
  }
  return bytes;
}

const u16 = (value: number) => [value & 255, value >> 8];
const u32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
const u32be = (value: number) => u32(value).reverse();

const arm64 = (flags: number, efi: boolean) =>
  image(
    4096,
    [0, efi ? 'MZ' : [0, 0]],
    [0x3c, u32(64)],
    [16, u32(0x2000000)],
    [24, [flags]],
    [56, 'ARM\x64'],
    [64, efi ? [0x50, 0x45, 0, 0, 0x64, 0xaa] : [0]],
  );

function elf(wide: boolean, machine: number, big = false): Uint8Array {
  const half = (value: number) => (big ? u16(value).reverse() : u16(value));
  const word = (value: number) => (big ? u32be(value) : u32(value));
  return image(
    512,
    [0, [0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, big ? 2 : 1]],
    [18, half(machine)],
    [24, word(0x40100000)],
    wide ? [32, word(64)] : [28, word(52)],
  );
}

const iso = (...more: readonly Put[]) =>
  image(65_536, [0x8000, [1]], [0x8001, 'CD001\x01'], [0x8028, `${'Debian 13 arm64'.padEnd(32)}`], ...more);

/** El Torito: the boot record in sector 17, the catalogue in sector 20, one section for EFI. */
const elTorito: readonly Put[] = [
  [17 * 2048 + 1, 'CD001'],
  [17 * 2048 + 7, 'EL TORITO SPECIFICATION'],
  [17 * 2048 + 71, u32(20)],
  [20 * 2048, [1]],
];

const cases: readonly [string, Uint8Array, BootHeader][] = [
  [
    'an arm64 Image with an EFI stub and 4 KiB pages',
    arm64(0b1010, true),
    { type: 'linux-arm64', pageSizeKiB: 4, bigEndian: false, efiStub: true, imageSizeBytes: 0x2000000 },
  ],
  [
    'a big-endian arm64 Image with 64 KiB pages and no stub',
    arm64(0b0111, false),
    { type: 'linux-arm64', pageSizeKiB: 64, bigEndian: true, efiStub: false, imageSizeBytes: 0x2000000 },
  ],
  [
    'an arm64 Image that does not tell its pages',
    arm64(0, false),
    { type: 'linux-arm64', bigEndian: false, efiStub: false, imageSizeBytes: 0x2000000 },
  ],
  ['a zImage', image(512, [0x24, u32(0x016f2818)]), { type: 'linux-arm' }],
  ['a big-endian zImage', image(512, [0x24, u32be(0x016f2818)]), { type: 'linux-arm' }],
  [
    'an AArch64 ELF',
    elf(true, 183),
    { type: 'elf', bits: 64, machine: 183, machineName: 'AArch64', entry: '0x40100000', bigEndian: false },
  ],
  [
    'a big-endian 32-bit ARM ELF',
    elf(false, 40, true),
    { type: 'elf', bits: 32, machine: 40, machineName: 'ARM (32-bit)', entry: '0x40100000', bigEndian: true },
  ],
  [
    'an x86-64 ELF',
    elf(true, 62),
    { type: 'elf', bits: 64, machine: 62, machineName: 'x86-64', entry: '0x40100000', bigEndian: false },
  ],
  [
    'an ELF for a machine without a name here',
    elf(true, 9999),
    {
      type: 'elf',
      bits: 64,
      machine: 9999,
      machineName: 'ELF machine 9999',
      entry: '0x40100000',
      bigEndian: false,
    },
  ],
  [
    'an EFI program for AArch64',
    image(512, [0, 'MZ'], [0x3c, u32(128)], [128, 'PE\0\0'], [132, u16(0xaa64)]),
    { type: 'pe', machine: 0xaa64, machineName: 'AArch64' },
  ],
  [
    'an EFI zboot kernel',
    image(512, [0, 'MZ'], [4, 'zimg'], [24, 'gzip\0'], [0x3c, u32(128)], [128, 'PE\0\0'], [132, u16(0xaa64)]),
    { type: 'pe', machine: 0xaa64, machineName: 'AArch64', zboot: 'gzip' },
  ],
  [
    'a uImage',
    image(512, [0, u32be(0x27051956)], [32, 'Linux-6.1\0']),
    { type: 'uimage', description: 'Linux-6.1' },
  ],
  ['gzip', image(64, [0, [0x1f, 0x8b, 8]]), { type: 'compressed', with: 'gzip' }],
  ['xz', image(64, [0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]]), { type: 'compressed', with: 'xz' }],
  ['zstd', image(64, [0, [0x28, 0xb5, 0x2f, 0xfd]]), { type: 'compressed', with: 'zstd' }],
  ['bzip2', image(64, [0, 'BZh']), { type: 'compressed', with: 'bzip2' }],
  ['lz4', image(64, [0, [4, 0x22, 0x4d, 0x18]]), { type: 'compressed', with: 'lz4' }],
  ['the kernel’s lz4', image(64, [0, [2, 0x21, 0x4c, 0x18]]), { type: 'compressed', with: 'lz4' }],
  [
    'a device tree',
    image(512, [0, u32be(0xd00dfeed)], [4, u32be(400)]),
    { type: 'device-tree', sizeBytes: 400 },
  ],
  ['a disc without a boot record', iso(), { type: 'iso9660', volume: 'Debian 13 arm64', uefiArm64: false }],
  [
    'a disc that starts by BIOS alone',
    iso(...elTorito, [20 * 2048 + 64, [0]]),
    { type: 'iso9660', volume: 'Debian 13 arm64', uefiArm64: false },
  ],
  [
    'a disc that starts by UEFI, for an architecture that only its files tell',
    iso(...elTorito, [20 * 2048 + 64, [0x91, 0xef]]),
    { type: 'iso9660', volume: 'Debian 13 arm64' },
  ],
  [
    'a disc with UEFI behind another section',
    iso(...elTorito, [20 * 2048 + 64, [0x90, 0, 1, 0]], [20 * 2048 + 128, [0x91, 0xef]]),
    { type: 'iso9660', volume: 'Debian 13 arm64' },
  ],
  ['zeros', new Uint8Array(4096), { type: 'unknown' }],
  ['nothing', new Uint8Array(), { type: 'unknown' }],
];

describe('readBootHeader', () => {
  it.each(cases)('knows %s', (_what, bytes, expected) => {
    expect(readBootHeader(bytes, bytes.length)).toEqual(expected);
  });

  it('does not believe a device tree or an ELF that is cut short', () => {
    const [tree, program] = [image(512, [0, u32be(0xd00dfeed)], [4, u32be(4000)]), elf(true, 183)];
    expect(readBootHeader(tree, tree.length)).toEqual({ type: 'unknown' });
    expect(readBootHeader(program.subarray(0, 40), 40)).toEqual({ type: 'unknown' });
  });

  it('never throws, wherever a file ends', () => {
    for (const [, bytes] of cases) {
      const step = bytes.length > 4096 ? 97 : 1;
      for (let end = 0; end < bytes.length; end += step) {
        expect(typeof readBootHeader(bytes.subarray(0, end), end).type).toBe('string');
      }
    }
  });

  it('reads from the middle of a buffer', () => {
    const padded = new Uint8Array(600);
    padded.set(elf(true, 183), 8);
    expect(readBootHeader(padded.subarray(8, 520), 512).type).toBe('elf');
  });
});
