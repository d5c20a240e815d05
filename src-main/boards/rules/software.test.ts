import { describe, expect, it } from 'vitest';
import type { BootHeader, FileFact } from '../../contract/image.ts';
import { expectRule, type RuleCase } from '../fixtures/rule-case.ts';
import { armServer, file, kernelBoot, problems, qemu10, withHardware } from '../fixtures/samples.ts';

const arm64: BootHeader = {
  type: 'linux-arm64',
  pageSizeKiB: 4,
  bigEndian: false,
  efiStub: true,
  imageSizeBytes: 1,
};
const arm32: BootHeader = { type: 'linux-arm' };
const elf = (machine: number, machineName: string): BootHeader => ({
  type: 'elf',
  bits: machine === 40 ? 32 : 64,
  machine,
  machineName,
  entry: '0x0',
  bigEndian: false,
});
const disc: BootHeader = { type: 'iso9660', volume: 'Debian' };
const pe = (machine: number, machineName: string, zboot?: string): BootHeader => ({
  type: 'pe',
  machine,
  machineName,
  ...(zboot === undefined ? {} : { zboot }),
});

/** What is known of one file: its header, and whatever else. */
const known = (path: string, header: BootHeader, more: Partial<FileFact> = {}) => ({
  files: new Map([file(path, { header, ...more })]),
});
const kernelIs = (header: BootHeader) => known('/boot/Image', header);
const fw = '/tmp/fw.bin';
const bios = { kind: 'bios' as const, file: fw };

const cases: RuleCase[] = [
  { rule: 'boot-route', change: { machine: 'raspi3b' }, field: '/boot', says: 'UEFI', fix: null },
  {
    rule: 'boot-route',
    change: { machine: 'versatilepb', boot: bios },
    field: '/boot',
    fix: 'Use parallel flash',
  },
  {
    rule: 'boot-route',
    change: { machine: 'raspi3b', boot: { kind: 'pflash', code: fw } },
    field: '/boot',
    fix: 'Use a firmware image by -bios',
  },
  {
    rule: 'boot-media',
    change: { machine: 'orangepi-pc', boot: { kind: 'media' }, disks: [] },
    field: '/disks',
    says: 'an SD card',
    fix: null,
  },
  { rule: 'boot-nothing-loaded', change: { boot: { kind: 'loader' } }, field: '/loaders', fix: null },

  { rule: 'uefi-width', change: { cpu: 'cortex-a15' }, field: '/cpu', fix: 'Use cortex-a72' },
  { rule: 'uefi-missing', given: { qemu: { ...qemu10, firmware: [] } }, field: '/boot', fix: null },
  { rule: 'uefi-cpu-max', change: { cpu: 'max' }, field: '/cpu', severity: 'warning', fix: 'Use cortex-a76' },
  { rule: 'uefi-no-disk', change: { disks: [] }, field: '/disks', severity: 'hint', fix: null },
  {
    rule: 'firmware-kind',
    change: { boot: bios },
    given: known(fw, elf(183, 'AArch64')),
    field: '/boot/file',
    fix: 'Start it as an ELF',
  },
  {
    rule: 'firmware-kind',
    change: { boot: { kind: 'pflash', code: fw } },
    given: known(fw, arm64),
    field: '/boot/code',
    fix: 'Start it as a kernel',
  },
  {
    rule: 'firmware-kind',
    change: { boot: bios },
    given: known(fw, disc),
    field: '/boot/file',
    says: 'disc image',
    fix: null,
  },
  {
    rule: 'firmware-size',
    change: { boot: bios },
    given: known(fw, { type: 'unknown' }, { sizeBytes: 64 * 2 ** 20 + 1 }),
    field: '/boot/file',
    says: '64 MiB',
    fix: null,
  },
  {
    rule: 'elf-kind',
    change: { boot: { kind: 'elf', file: fw } },
    given: known(fw, arm64),
    field: '/boot/file',
    severity: 'warning',
    fix: 'Start it as a kernel',
  },
  {
    rule: 'elf-kind',
    change: { boot: { kind: 'elf', file: fw } },
    given: known(fw, { type: 'unknown' }),
    field: '/boot/file',
    severity: 'warning',
    fix: null,
  },

  {
    rule: 'kernel-width',
    change: { boot: kernelBoot() },
    given: kernelIs(arm32),
    field: '/boot/kernel',
    says: '32-bit, cortex-a72 64-bit: it would never print',
    fix: 'Use cortex-a15',
  },
  {
    rule: 'kernel-width',
    change: { boot: kernelBoot(), cpu: 'cortex-a15' },
    given: kernelIs(arm64),
    field: '/boot/kernel',
    fix: 'Use cortex-a72',
  },
  {
    rule: 'kernel-width',
    change: { machine: 'vexpress-a9', cpu: 'cortex-a9', boot: kernelBoot() },
    given: kernelIs(arm64),
    field: '/boot/kernel',
    says: 'vexpress-a9 has no 64-bit CPU',
    fix: null,
  },
  {
    rule: 'kernel-width',
    change: { boot: { kind: 'elf', file: fw } },
    given: known(fw, elf(40, 'ARM (32-bit)')),
    field: '/boot/file',
    says: 'QEMU refuses to start',
    fix: 'Use cortex-a15',
  },
  {
    rule: 'kernel-width',
    change: { machine: 'mps2-an385', cpu: 'cortex-m3', boot: { kind: 'elf', file: fw } },
    given: known(fw, elf(183, 'AArch64')),
    field: '/boot/file',
    says: 'lock up',
    fix: null,
  },
  {
    rule: 'kernel-foreign',
    change: { boot: { kind: 'elf', file: fw } },
    given: known(fw, elf(62, 'x86-64')),
    field: '/boot/file',
    says: 'x86-64',
    fix: null,
  },
  {
    rule: 'kernel-foreign',
    change: { boot: kernelBoot() },
    given: kernelIs(pe(0x8664, 'x86-64')),
    field: '/boot/kernel',
    fix: null,
  },
  {
    rule: 'kernel-packed',
    change: { boot: kernelBoot() },
    given: kernelIs({ type: 'compressed', with: 'zstd' }),
    field: '/boot/kernel',
    says: 'gzip alone',
    fix: null,
  },
  {
    rule: 'kernel-packed',
    change: { boot: kernelBoot(), cpu: 'cortex-a15' },
    given: kernelIs({ type: 'compressed', with: 'gzip' }),
    field: '/boot/kernel',
    fix: null,
  },
  {
    rule: 'kernel-packed',
    change: { boot: kernelBoot() },
    given: kernelIs(pe(0xaa64, 'AArch64', 'zstd')),
    field: '/boot/kernel',
    fix: null,
  },
  {
    rule: 'kernel-kind',
    change: { boot: kernelBoot() },
    given: kernelIs(disc),
    field: '/boot/kernel',
    fix: null,
  },
  {
    rule: 'kernel-kind',
    change: { boot: kernelBoot() },
    given: kernelIs({ type: 'device-tree', sizeBytes: 1 }),
    field: '/boot/kernel',
    fix: null,
  },
  {
    rule: 'kernel-kind',
    change: { boot: kernelBoot() },
    given: kernelIs(pe(0xaa64, 'AArch64')),
    field: '/boot/kernel',
    fix: null,
  },
  {
    rule: 'kernel-unrecognised',
    change: { boot: kernelBoot() },
    given: kernelIs({ type: 'unknown' }),
    field: '/boot/kernel',
    severity: 'hint',
    fix: null,
  },
  {
    rule: 'kernel-page-size',
    change: { boot: kernelBoot() },
    given: kernelIs({ ...arm64, pageSizeKiB: 16 }),
    field: '/boot/kernel',
    says: 'pages of 16 KiB, which cortex-a72',
    fix: 'Use cortex-a76',
  },
  {
    rule: 'kernel-page-size',
    change: { boot: kernelBoot(), cpu: 'host' },
    given: {
      ...kernelIs({ ...arm64, pageSizeKiB: 64 }),
      qemu: withHardware(qemu10, 'hvf'),
      host: { ...armServer, platform: 'darwin' },
    },
    field: '/boot/kernel',
    fix: 'Use TCG',
  },
  {
    rule: 'kernel-cpu-max',
    change: { cpu: 'max', boot: kernelBoot() },
    field: '/cpu',
    severity: 'hint',
    fix: 'Use cortex-a76',
  },
  {
    rule: 'dtb-kind',
    change: { boot: kernelBoot({ dtb: '/boot/board.dts' }) },
    given: known('/boot/board.dts', { type: 'unknown' }),
    field: '/boot/dtb',
    fix: null,
  },
  {
    rule: 'dtb-missing',
    change: { machine: 'raspi3b', cpu: 'cortex-a53', boot: kernelBoot() },
    field: '/boot/dtb',
    severity: 'warning',
    says: 'bcm2837-rpi-3-b.dtb',
    fix: null,
  },
  {
    rule: 'initrd-kind',
    change: { boot: kernelBoot({ initrd: '/boot/initrd' }) },
    given: known('/boot/initrd', disc),
    field: '/boot/initrd',
    severity: 'warning',
    fix: null,
  },

  {
    rule: 'console-unnamed',
    change: { boot: kernelBoot({ cmdline: 'quiet' }) },
    field: '/boot/cmdline',
    severity: 'hint',
    fix: 'Add console=ttyAMA0',
  },
  {
    rule: 'console-missing',
    change: { machine: 'xlnx-zcu102', cpu: 'cortex-a53', boot: kernelBoot({ cmdline: '' }) },
    field: '/boot/cmdline',
    severity: 'warning',
    fix: 'Add console=ttyPS0',
  },
  {
    rule: 'console-elsewhere',
    change: { boot: kernelBoot({ cmdline: 'console=tty0 console=ttyS0,115200n8 root=/dev/vda1' }) },
    field: '/boot/cmdline',
    severity: 'warning',
    says: 'ttyS0',
    fix: 'Use console=ttyAMA0',
  },
  {
    rule: 'console-hidden',
    change: { machine: 'sabrelite', cpu: 'cortex-a9', boot: kernelBoot({ cmdline: 'console=ttymxc1' }) },
    field: '/uarts',
    severity: 'warning',
    fix: 'Show 2 consoles',
  },

  {
    rule: 'loader-address',
    change: { boot: { kind: 'loader' }, loaders: [{ file: fw, core: 0 }] },
    given: known(fw, { type: 'unknown' }),
    field: '/loaders/0/address',
    fix: null,
  },
  {
    rule: 'loader-foreign',
    change: { loaders: [{ file: fw }] },
    given: known(fw, elf(8, 'MIPS')),
    field: '/loaders/0/file',
    fix: null,
  },
  {
    rule: 'loader-width',
    change: { cpu: 'cortex-a15', boot: { kind: 'loader' }, loaders: [{ file: fw, core: 0 }] },
    given: known(fw, elf(183, 'AArch64')),
    field: '/loaders/0/file',
    says: 'is 64-bit, cortex-a15 32-bit',
    fix: 'Use cortex-a72',
  },
  {
    rule: 'loader-width',
    change: {
      machine: 'vexpress-a9',
      cpu: 'cortex-a9',
      boot: { kind: 'loader' },
      loaders: [{ file: fw, core: 0 }],
    },
    given: known(fw, elf(183, 'AArch64')),
    field: '/loaders/0/file',
    fix: null,
  },
  {
    rule: 'loader-core',
    change: { loaders: [{ file: fw, core: 2 }] },
    field: '/loaders/0/core',
    fix: 'Use core 0',
  },
  {
    rule: 'loader-core-twice',
    change: {
      loaders: [
        { file: fw, core: 0 },
        { file: '/tmp/b', core: 0 },
      ],
    },
    field: '/loaders/1/core',
    severity: 'warning',
    fix: 'Load it without starting it',
  },
  {
    rule: 'loader-no-start',
    change: { boot: { kind: 'loader' }, loaders: [{ file: fw, address: '0x40200000' }] },
    field: '/loaders/0/core',
    severity: 'warning',
    fix: 'Start core 0 at the first image',
  },
  {
    rule: 'loader-over-device-tree',
    change: { boot: { kind: 'loader' }, loaders: [{ file: fw, address: '0x40080000', core: 0 }] },
    field: '/loaders/0/address',
    says: '0x40100000',
    fix: 'Load it at 0x40100000',
  },
];

describe('rules about boot files, kernels, consoles and loaders', () => {
  it.each(cases.map((one, index) => [`${one.rule} (case ${index})`, one] as const))('%s', (_name, one) =>
    expectRule(one),
  );

  it.each([
    ['a 64-bit kernel on a 64-bit CPU', { boot: kernelBoot() }, kernelIs(arm64)],
    [
      'a gzipped kernel on a 64-bit CPU',
      { boot: kernelBoot() },
      kernelIs({ type: 'compressed' as const, with: 'gzip' as const }),
    ],
    ['a gzipped EFI zboot kernel', { boot: kernelBoot() }, kernelIs(pe(0xaa64, 'AArch64', 'gzip'))],
    ['a zImage on a 32-bit CPU', { boot: kernelBoot(), cpu: 'cortex-a15' }, kernelIs(arm32)],
    [
      'a 16 KiB kernel on a CPU that has it',
      { boot: kernelBoot(), cpu: 'cortex-a76' },
      kernelIs({ ...arm64, pageSizeKiB: 16 as const }),
    ],
    ['a console with options', { boot: kernelBoot({ cmdline: 'console=ttyAMA0,115200' }) }, kernelIs(arm64)],
    [
      'a raw image above the device tree',
      { boot: { kind: 'loader' as const }, loaders: [{ file: fw, address: '0x40100000', core: 0 }] },
      known(fw, { type: 'unknown' }),
    ],
    [
      'a 32-bit ELF that no core starts at',
      { boot: kernelBoot(), loaders: [{ file: fw }] },
      known(fw, elf(40, 'ARM (32-bit)')),
    ],
  ])('lets %s be', (_what, change, given) => {
    expect(problems(change, given)).toEqual([]);
  });

  it('misses no device tree on a board for which Armoire brings one', () => {
    const boot = kernelBoot({ cmdline: 'console=ttyPS0' });
    expect(problems({ machine: 'xlnx-zcu102', cpu: 'cortex-a53', boot }, {}, 'dtb-missing')).toEqual([]);
  });

  it('raises nothing for a file that was not looked at', () => {
    expect(problems({ boot: kernelBoot() })).toEqual([]);
  });
});
