// Why a guest may be silent: the reasons of each kind of definition, in order, and that their fixes are taken.
import { describe, expect, it, test } from 'vitest';
import { applyFix } from '../contract/apply-fix.ts';
import type { VmDefinition } from '../contract/definition.ts';
import type { BootHeader } from '../contract/image.ts';
import {
  armServer,
  definition,
  facts,
  file,
  kernelBoot,
  pc,
  qemu10,
  withHardware,
} from './fixtures/samples.ts';
import { silencePatienceSeconds, silenceReasons } from './silence.ts';

const image: BootHeader = { type: 'linux-arm64', bigEndian: false, efiStub: true, imageSizeBytes: 1 };
const zImage: BootHeader = { type: 'linux-arm' };
const elf64: BootHeader = {
  type: 'elf',
  bits: 64,
  machine: 183,
  machineName: 'AArch64',
  entry: '0x40080000',
  bigEndian: false,
};

function rules(changes: Partial<VmDefinition>, header: BootHeader = image, path = '/boot/Image'): string[] {
  const given = facts({ files: new Map([file(path, { header })]) });
  return silenceReasons(definition({ disks: [], ...changes }), given).map(({ rule }) => rule);
}

describe('the first reason', () => {
  it.each<[string, Partial<VmDefinition>, BootHeader, string]>([
    ['a 32-bit kernel on a 64-bit CPU', { boot: kernelBoot() }, zImage, 'kernel-width'],
    ['UEFI with max', { cpu: 'max', boot: { kind: 'uefi' } }, image, 'uefi-cpu-max'],
    [
      'UEFI in the secure world',
      { boot: { kind: 'uefi' }, machineOptions: { secure: true } },
      image,
      'option-secure-uefi',
    ],
    [
      'a console on another board’s UART',
      { boot: kernelBoot({ cmdline: 'console=ttyS0' }) },
      image,
      'console-elsewhere',
    ],
    [
      'a console on a UART that is not shown',
      { boot: kernelBoot({ cmdline: 'console=ttyAMA1' }) },
      image,
      'console-hidden',
    ],
    ['a packed kernel', { boot: kernelBoot() }, { type: 'compressed', with: 'xz' }, 'kernel-packed'],
    [
      'a board without its device tree',
      { machine: 'raspi3b', cpu: 'cortex-a53', vcpus: 4, memoryMiB: 1024, boot: kernelBoot() },
      image,
      'dtb-missing',
    ],
    [
      'the vendor’s device tree on the ZCU102',
      {
        machine: 'xlnx-zcu102',
        cpu: 'cortex-a53',
        boot: kernelBoot({ cmdline: 'console=ttyPS0', dtb: '/boot/zynqmp-zcu102-rev1.0.dtb' }),
      },
      image,
      'silent-vendor-tree',
    ],
    [
      'cores that wait for a debugger',
      {
        boot: kernelBoot(),
        debug: { gdb: { enabled: true, port: 1234 }, startHalted: true, semihosting: false },
      },
      image,
      'silent-halted',
    ],
    [
      'a program that was made for EL1, in EL3',
      { boot: { kind: 'elf', file: '/boot/Image' }, machineOptions: { secure: true }, uarts: 2 },
      elf64,
      'silent-secure',
    ],
  ])('%s', (_name, changes, header, first) => {
    expect(rules(changes, header)[0]).toBe(first);
  });
});

it('suspects the other width of a file that does not say its own, and offers a CPU of that width', () => {
  const start = definition({ disks: [], boot: kernelBoot() });
  const given = facts({ files: new Map([file('/boot/Image', { header: { type: 'unknown' } })]) });
  const found = silenceReasons(start, given).find(({ rule }) => rule === 'silent-other-width');
  expect(found?.fix?.label).toBe('Use cortex-a15 (32-bit)');
});

it('says nothing of new CPU features where the CPU has none', () => {
  expect(rules({ boot: kernelBoot(), cpu: 'cortex-a72' })).not.toContain('silent-new-cpu');
  expect(rules({ boot: kernelBoot(), cpu: 'max' })).toContain('silent-new-cpu');
});

it('always ends with something to try for a kernel, and for bare metal', () => {
  expect(rules({ boot: kernelBoot(), uarts: 2 })).toEqual(['silent-early']);
  expect(rules({ boot: { kind: 'elf', file: '/boot/Image' }, uarts: 2 }, elf64)).toEqual([
    'silent-semihosting',
    'silent-address',
  ]);
});

it('knows no reason on a board that this QEMU does not have', () => {
  expect(silenceReasons(definition({ machine: 'board-of-tomorrow' }), facts())).toEqual([]);
});

describe('every fix', () => {
  const starts: Partial<VmDefinition>[] = [
    { boot: kernelBoot({ cmdline: 'quiet console=ttyAMA0' }), cpu: 'max' },
    { boot: kernelBoot({ cmdline: '' }) },
    { boot: { kind: 'uefi' }, cpu: 'max', machineOptions: { secure: true } },
    { boot: { kind: 'elf', file: '/boot/Image' }, machineOptions: { virtualization: true } },
    { boot: { kind: 'loader' }, loaders: [{ file: '/boot/Image', address: '0x48000000' }] },
  ];
  it.each(starts)('of %j is taken, and its reason is gone', (changes) => {
    const start = definition({ disks: [], ...changes });
    const given = facts({ files: new Map([file('/boot/Image', { header: { type: 'unknown' } })]) });
    const reasons = silenceReasons(start, given);
    const fixes = reasons.flatMap(({ rule, fix }) => (fix ? [{ rule, fix }] : []));
    expect(fixes.length).toBeGreaterThan(0);
    for (const { rule, fix } of fixes) {
      const after = silenceReasons(applyFix(start, fix), given).filter((reason) => reason.fix);
      expect(after.filter((reason) => reason.rule === rule && reason.fix?.label === fix.label)).toEqual([]);
    }
  });
});

test('patience is short for bare metal, long for what is emulated', () => {
  const seconds = (changes: Partial<VmDefinition>, given = { qemu: qemu10, host: pc }) =>
    silencePatienceSeconds(definition(changes), given);
  expect(seconds({ boot: { kind: 'elf', file: '/a.elf' } })).toBe(3);
  expect(seconds({ boot: { kind: 'uefi' } })).toBe(20);
  const fast = { qemu: withHardware(qemu10, 'kvm'), host: armServer };
  expect(seconds({ boot: { kind: 'uefi' }, cpu: 'host' }, fast)).toBe(8);
});
