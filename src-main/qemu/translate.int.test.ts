// Failures provoked from a real QEMU: the words are QEMU's own, the translation must find them.

import { truncate, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { boardFor } from '../boards/board.ts';
import { applyFix } from '../contract/apply-fix.ts';
import type { Disk, VmDefinition } from '../contract/definition.ts';
import type { FaultData } from '../contract/fault.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { commandLine, wordsOf } from './command-line.ts';
import type { Launch } from './launch.ts';
import { qemuEnvironment } from './process-environment.ts';
import { askQemu } from './stdio-session.ts';
import { definitionWith, inTemporaryDirectory, launchWith, sampleProgram, testQemu } from './testing.ts';
import { findFailure, translateFailure } from './translate.ts';
import { wiringOf } from './wiring.ts';

let qemu: QemuCapabilities;
beforeAll(async () => {
  qemu = await testQemu();
});

const disk = (changes: Partial<Disk>): Disk => ({
  id: 'hd0',
  file: 'hd0.raw',
  format: 'raw',
  media: 'disk',
  bus: 'virtio',
  readOnly: false,
  ...changes,
});

/** The header of an arm64 kernel (Documentation/arch/arm64/booting.rst) and nothing behind it. */
const linuxImage = 'Image';
function imageHeader(bytes = 4096): Buffer {
  const image = Buffer.alloc(bytes);
  image.writeBigUInt64LE(BigInt(image.length), 16);
  image.write('ARMd', 56, 'latin1');
  return image;
}

interface Provoked {
  id: string | undefined;
  fault: FaultData;
  definition: VmDefinition;
}

/** QEMU's words about a definition that the rules would have stopped; a machine that starts after all is ended. */
async function words(definition: VmDefinition, launch: Launch, extra: string[] = []): Promise<string> {
  const run = await execa(launch.program, [...wordsOf(commandLine(definition, launch)), '-S', ...extra], {
    env: qemuEnvironment(),
    extendEnv: false,
    stdin: 'ignore',
    timeout: 5_000,
    reject: false,
  });
  expect(run.timedOut, 'QEMU started').toBe(false);
  return run.stderr;
}

async function provoke(
  changes: Partial<VmDefinition>,
  launchChanges: Partial<Launch> = {},
  extra: string[] = [],
): Promise<Provoked> {
  return inTemporaryDirectory(async (directory) => {
    const definition = definitionWith({ machine: 'virt', ...changes });
    const board = boardFor(definition.machine, qemu);
    const launch = launchWith({
      program: qemu.path,
      vmDirectory: directory,
      qmpSocket: path.join(directory, 'q'),
      consoles: Array.from({ length: definition.uarts }, (_, index) => ({
        id: `uart${index}`,
        logPath: path.join(directory, 'log'),
        inputPath: '/dev/null',
      })),
      ...(board ? { wiring: wiringOf(board) } : {}),
      ...launchChanges,
    });
    await writeFile(path.join(directory, linuxImage), imageHeader());
    await writeFile(path.join(directory, 'large'), imageHeader(3 * 1024 ** 2));
    for (const { file } of definition.disks) {
      if (file.startsWith('/')) continue;
      await writeFile(path.join(directory, file), '');
      await truncate(path.join(directory, file), 3 * 1024 ** 2);
    }
    const stderr = await words(definition, launch, extra);
    return { id: findFailure(stderr)?.row.id, fault: translateFailure(stderr, definition), definition };
  });
}

const none = { expansion: 'none', usb: 'none', flash: 'drive', takesMemory: true, slots: {} } as const;
const pci = { expansion: 'pci', usb: 'added', flash: 'drive', takesMemory: true, slots: {} } as const;

const raspi3b = {
  machine: 'raspi3b',
  machineOptions: {},
  cpu: 'cortex-a53',
  vcpus: 4,
  memoryMiB: 1024,
} as const;

interface Case {
  id: string;
  changes: Partial<VmDefinition>;
  launch?: Partial<Launch>;
  extra?: string[];
  field?: string;
  /** What the fix makes of the field. */
  fixed?: unknown;
}

const cases: Case[] = [
  { id: 'cpu-not-of-board', changes: { cpu: 'cortex-m3' }, field: '/cpu', fixed: 'cortex-a72' },
  {
    id: 'cpu-not-of-board',
    changes: { machine: 'sbsa-ref', cpu: 'cortex-a15', machineOptions: {} },
    field: '/cpu',
  },
  { id: 'cpu-host', changes: { cpu: 'host' }, field: '/cpu', fixed: 'cortex-a72' },
  { id: 'cpu-unknown', changes: { cpu: 'cortex-z9' }, field: '/cpu', fixed: 'cortex-a72' },
  {
    id: 'cpu-without-mte',
    changes: { machineOptions: { mte: true } },
    field: '/machineOptions/mte',
    fixed: undefined,
  },
  { id: 'machine-unknown', changes: { machine: 'virt-99.0' }, field: '/machine', fixed: 'virt' },
  {
    id: 'accelerator-unknown',
    changes: {},
    launch: { accelerator: 'hvf' },
    field: '/accelerator',
    fixed: 'auto',
  },
  {
    id: 'cores-beyond-gic',
    changes: { vcpus: 9, machineOptions: { gicVersion: '2' } },
    field: '/machineOptions/gicVersion',
    fixed: '3',
  },
  {
    id: 'cores-beyond-gic',
    changes: { vcpus: 200, machineOptions: { gicVersion: '3', highmem: false } },
    field: '/vcpus',
    fixed: 123,
  },
  {
    id: 'cores-of-board',
    changes: { ...raspi3b, vcpus: 2 },
    launch: { wiring: none },
    field: '/vcpus',
    fixed: 4,
  },
  { id: 'cores-of-board', changes: { vcpus: 513 as number }, field: '/vcpus', fixed: 512 },
  {
    id: 'ram-of-board',
    changes: { ...raspi3b, memoryMiB: 2048 },
    launch: { wiring: none },
    field: '/memoryMiB',
    fixed: 1024,
  },
  {
    id: 'ram-of-board',
    changes: { machine: 'mps2-an385', machineOptions: {}, cpu: 'cortex-m3', memoryMiB: 32 },
    launch: { wiring: none },
    field: '/memoryMiB',
    fixed: 16,
  },
  {
    id: 'ram-limit-of-board',
    changes: { machine: 'vexpress-a9', machineOptions: {}, cpu: 'cortex-a9', memoryMiB: 2048 },
    launch: { wiring: none },
    field: '/memoryMiB',
    fixed: 1024,
  },
  {
    id: 'ram-not-of-board',
    changes: { machine: 'ast2500-evb', machineOptions: {}, cpu: 'arm1176', memoryMiB: 3072 },
    launch: { wiring: none },
    field: '/memoryMiB',
  },
  {
    id: 'ram-beyond-address',
    changes: { cpu: 'cortex-a76', memoryMiB: 8192, machineOptions: { gicVersion: '3', highmem: false } },
    field: '/memoryMiB',
    fixed: 3072,
  },
  {
    id: 'ram-beyond-host',
    changes: { cpu: 'max', memoryMiB: 16_777_216 },
    field: '/memoryMiB',
    fixed: 2048,
  },
  {
    id: 'gic4-without-el2',
    changes: { cpu: 'max', machineOptions: { gicVersion: '4' } },
    field: '/machineOptions/gicVersion',
    fixed: '3',
  },
  {
    id: 'gic-host',
    changes: { machineOptions: { gicVersion: 'host' } },
    field: '/machineOptions/gicVersion',
    fixed: '3',
  },
  {
    id: 'switch-not-of-board',
    changes: {
      machine: 'raspi3b',
      machineOptions: { secure: true },
      cpu: 'cortex-a53',
      vcpus: 4,
      memoryMiB: 1024,
    },
    launch: { wiring: none },
    field: '/machineOptions/secure',
    fixed: undefined,
  },
  {
    id: 'no-such-bus',
    changes: {
      ...raspi3b,
      disks: [disk({})],
    },
    launch: { wiring: pci },
    field: '/disks/0/bus',
    fixed: 'sd',
  },
  {
    id: 'no-such-bus',
    changes: {
      machine: 'mps2-an385',
      machineOptions: {},
      cpu: 'cortex-m3',
      memoryMiB: 16,
      network: { mode: 'user', model: 'e1000', mac: '52:54:00:12:34:56', forwards: [] },
    },
    launch: { wiring: none },
    field: '/network/model',
    fixed: 'onboard',
  },
  { id: 'bus-not-there', changes: {}, extra: ['-device', 'virtio-rng-pci,bus=nowhere'] },
  {
    id: 'no-such-slot',
    changes: { disks: [disk({}), disk({ id: 'cd0', file: 'cd0', bus: 'ide' })] },
    field: '/disks/1/bus',
    fixed: 'virtio',
  },
  {
    id: 'device-unknown',
    changes: { network: { mode: 'user', model: 'no-such-net', mac: '52:54:00:12:34:56', forwards: [] } },
    field: '/network/model',
    fixed: 'virtio-net-pci',
  },
  {
    id: 'boot-order-twice',
    changes: { disks: [disk({ bootIndex: 1 }), disk({ id: 'hd1', file: 'hd1.raw', bootIndex: 1 })] },
    field: '/disks/1/bootIndex',
    fixed: undefined,
  },
  {
    id: 'disk-id-twice',
    changes: { disks: [disk({})] },
    extra: ['-blockdev', '{"driver":"null-co","node-name":"hd0"}'],
    field: '/disks/0/id',
  },
  {
    id: 'sd-card-size',
    changes: {
      ...raspi3b,
      disks: [disk({ id: 'card', bus: 'sd' })],
    },
    launch: { wiring: none },
    field: '/disks/0/file',
  },
  {
    id: 'flash-size',
    changes: { boot: { kind: 'pflash', code: sampleProgram } },
    launch: { firmware: { code: { path: sampleProgram, format: 'raw' }, mapping: 'flash' } },
    field: '/boot',
    fixed: { kind: 'bios', file: sampleProgram },
  },
  { id: 'image-format', changes: { disks: [disk({ format: 'qcow2' })] }, field: '/disks/0/file' },
  { id: 'file-not-opened', changes: { disks: [disk({ file: '/nonexistent.img' })] }, field: '/disks/0/file' },
  { id: 'kernel', changes: { boot: { kind: 'elf', file: '/nonexistent.elf' } }, field: '/boot/file' },
  {
    id: 'initrd',
    changes: { boot: { kind: 'kernel', kernel: linuxImage, initrd: '/nonexistent', cmdline: '' } },
    field: '/boot/initrd',
  },
  {
    id: 'device-tree',
    changes: { boot: { kind: 'kernel', kernel: sampleProgram, dtb: '/nonexistent.dtb', cmdline: '' } },
    field: '/boot/dtb',
  },
  { id: 'firmware', changes: { boot: { kind: 'bios', file: '/nonexistent.bin' } }, field: '/boot/file' },
  {
    id: 'loader-image',
    changes: { loaders: [{ file: '/nonexistent.bin', address: '0x40000000' }] },
    field: '/loaders/0/file',
  },
  {
    id: 'loader-core',
    changes: { loaders: [{ file: sampleProgram, core: 7 }] },
    field: '/loaders/0/core',
    fixed: 0,
  },
  {
    id: 'loads-overlap',
    changes: {
      loaders: [
        { file: sampleProgram, address: '0x48000000' },
        { file: sampleProgram, address: '0x48000100' },
      ],
    },
    field: '/loaders',
  },
  {
    id: 'kernel-architecture',
    changes: { machine: 'virt', cpu: 'cortex-a15', boot: { kind: 'elf', file: process.execPath } },
    field: '/boot/file',
  },
  {
    id: 'forward-port',
    changes: {
      network: {
        mode: 'user',
        model: 'virtio-net-pci',
        mac: '52:54:00:12:34:56',
        forwards: [{ protocol: 'tcp', hostAddress: '203.0.113.9', hostPort: 2222, guestPort: 22 }],
      },
    },
    field: '/network/forwards/0/hostPort',
    fixed: 2223,
  },
  {
    id: 'gic-version',
    changes: {},
    extra: ['-machine', 'gic-version=7'],
    field: '/machineOptions/gicVersion',
    fixed: '3',
  },
  {
    id: 'iommu-value',
    changes: { machineOptions: { iommu: 'smmuv3' } },
    extra: ['-machine', 'iommu=other'],
    field: '/machineOptions/iommu',
    fixed: undefined,
  },
  {
    id: 'nothing-to-start',
    changes: { machine: 'sx1', machineOptions: {}, cpu: 'ti925t', memoryMiB: 32 },
    field: '/boot',
  },
  {
    id: 'drive-read-only',
    changes: {
      machine: 'sbsa-ref',
      machineOptions: {},
      disks: [disk({ bus: 'ide', readOnly: true })],
    },
    field: '/disks/0/readOnly',
    fixed: false,
  },
  {
    id: 'drive-read-only',
    changes: { ...raspi3b, disks: [disk({ id: 'card', bus: 'sd', readOnly: true })] },
    field: '/disks/0/readOnly',
    fixed: false,
  },
  {
    id: 'ram-too-small-for-files',
    changes: { memoryMiB: 2, boot: { kind: 'kernel', kernel: linuxImage, cmdline: '' } },
    field: '/memoryMiB',
    fixed: 512,
  },
  {
    id: 'kernel-too-large',
    changes: { memoryMiB: 2, boot: { kind: 'kernel', kernel: 'large', cmdline: '' } },
    field: '/memoryMiB',
    fixed: 6,
  },
  {
    id: 'kernel',
    changes: {
      machine: 'mps2-an385',
      machineOptions: {},
      cpu: 'cortex-m3',
      memoryMiB: 16,
      boot: { kind: 'elf', file: '/nonexistent.elf' },
    },
    field: '/boot/file',
  },
  {
    id: 'firmware',
    changes: {
      machine: 'canon-a1100',
      machineOptions: {},
      cpu: 'arm946',
      memoryMiB: 64,
      boot: { kind: 'bios', file: '/nonexistent.rom' },
    },
    field: '/boot/file',
  },
  { id: 'control-socket', changes: {}, launch: { qmpSocket: '/nonexistent/q' } },
  { id: 'rom-missing', changes: {}, extra: ['-device', 'virtio-net-pci,romfile=no-such.rom'] },
];

test.each(cases)('$id: $field', async ({ id, changes, launch, extra, field, ...expected }) => {
  const provoked = await provoke(changes, launch, extra);
  expect(provoked.id, provoked.fault.detail).toBe(id);
  expect(provoked.fault.field).toBe(field);
  expect(provoked.fault.message).toMatch(/^[A-Z“/].*\.$/s);
  expect(provoked.fault.remedy).toMatch(/^[A-Z].*\.$/s);
  if (!('fixed' in expected) || field === undefined) return;
  if (!provoked.fault.fix) throw new Error('no fix');
  const fixed = applyFix(
    { ...provoked.definition, vcpus: Math.min(provoked.definition.vcpus, 512) },
    provoked.fault.fix,
  );
  const value = field
    .split('/')
    .slice(1)
    .reduce<unknown>((at, token) => Reflect.get(Object(at), token), fixed);
  expect(value).toEqual(expected.fixed);
});

test('an image that another QEMU writes to is in use', async () => {
  await inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, 'shared.raw');
    await writeFile(file, 'x'.repeat(512));
    const node = JSON.stringify({ driver: 'file', 'node-name': 'held', filename: file });
    const words = ['-M', 'virt', '-S', '-nodefaults', '-display', 'none', '-qmp', 'stdio'];
    const drive = ['-blockdev', node, '-device', 'virtio-blk-pci,drive=held'];
    const held = await askQemu(qemu.path, [...words, ...drive], 20_000, () =>
      provoke({ disks: [disk({ file })] }),
    );
    if (!held.ok) throw held.error;
    expect(held.answer.id).toBe('image-in-use');
    expect(held.answer.fault.field).toBe('/disks/0/file');
    expect(held.answer.fault.message).toContain(file);
  });
});

test('a port that is in use names its forward, and GDB’s its own', async () => {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  try {
    const forwards = [{ protocol: 'tcp' as const, hostAddress: '127.0.0.1', hostPort: port, guestPort: 22 }];
    const network = { mode: 'user' as const, model: 'virtio-net-pci', mac: '52:54:00:12:34:56', forwards };
    const forward = await provoke({ network });
    expect(forward.fault).toMatchObject({ code: 'port-unusable', field: '/network/forwards/0/hostPort' });
    const gdb = await provoke({
      debug: { gdb: { enabled: true, port }, startHalted: false, semihosting: false },
    });
    expect(gdb.fault).toMatchObject({ code: 'port-unusable', field: '/debug/gdb/port' });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
