// Dry starts of a real QEMU: what it refuses, what it makes otherwise in silence, and that nothing is touched.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Disk, VmDefinition } from '../contract/definition.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { dryStart } from './dry-start.ts';
import { planLaunch } from './launch.ts';
import { definitionWith, inTemporaryDirectory, sampleProgram, testQemu } from './testing.ts';
import { contextIn } from './testing-guest.ts';

let qemu: QemuCapabilities;
beforeAll(async () => {
  qemu = await testQemu();
});

const onVirt = (changes: Partial<VmDefinition>) => definitionWith({ machine: 'virt', ...changes });
const disk = (id: string, changes: Partial<Disk>): Disk => ({
  id,
  file: `${id}.qcow2`,
  format: 'qcow2',
  media: 'disk',
  bus: 'virtio',
  readOnly: false,
  ...changes,
});

async function tried(definition: VmDefinition) {
  return inTemporaryDirectory(async (directory) => {
    const context = {
      ...contextIn(directory, definition.uarts, qemu),
      vmDirectory: path.join(directory, 'not-there'),
    };
    const problems = await dryStart(definition, planLaunch(definition, context));
    expect(await readdir(directory), 'nothing was made').toEqual([]);
    return problems;
  });
}

test('agrees with a machine that has everything, before any of its files exists', async () => {
  const definition = onVirt({
    cpu: 'cortex-a76',
    vcpus: 4,
    boot: { kind: 'uefi' },
    uarts: 2,
    disks: [
      disk('hd0', { bootIndex: 0 }),
      disk('cd0', { bus: 'scsi', media: 'cdrom', format: 'raw', bootIndex: 1 }),
      disk('cd1', { bus: 'usb', media: 'cdrom' }),
      disk('stick', { bus: 'usb' }),
      disk('fast', { bus: 'nvme' }),
    ],
    network: {
      mode: 'user',
      model: 'virtio-net-pci',
      mac: '52:54:00:12:34:56',
      forwards: [{ protocol: 'tcp', hostAddress: '203.0.113.9', hostPort: 22, guestPort: 22 }],
    },
  });
  expect(await tried(definition)).toEqual([]);
});

test('finds what a board does in silence', async () => {
  const definition = definitionWith({
    machine: 'raspi3b',
    machineOptions: {},
    cpu: 'cortex-a72',
    vcpus: 4,
    memoryMiB: 1024,
  });
  expect(await tried(definition)).toMatchObject([
    { rule: 'cpu-made-differs', field: '/cpu', severity: 'error', fix: { steps: [{ value: 'cortex-a53' }] } },
  ]);
});

test.each<[string, Partial<VmDefinition>, string]>([
  ['a CPU that the board refuses', { cpu: 'cortex-m3' }, '/cpu'],
  [
    'too many cores for the GIC',
    { vcpus: 9, machineOptions: { gicVersion: '2' } },
    '/machineOptions/gicVersion',
  ],
  [
    'a device that QEMU does not have',
    { network: { mode: 'user', model: 'no-such', mac: '52:54:00:12:34:56', forwards: [] } },
    '/network/model',
  ],
  [
    'a program for another CPU',
    { cpu: 'cortex-a15', boot: { kind: 'elf', file: process.execPath } },
    '/boot/file',
  ],
  ['two disks of one name', { disks: [disk('hd0', {}), disk('hd0', {})] }, '/disks/1/id'],
])('turns %s into a problem', async (_what, changes, field) => {
  const [problem] = await tried(onVirt(changes));
  expect(problem).toMatchObject({ severity: 'error', field });
  expect(problem?.message).toMatch(/\.$/);
});

test('loads the program when it is there', async () => {
  expect(await tried(onVirt({ boot: { kind: 'elf', file: sampleProgram } }))).toEqual([]);
});

test('a network that the board would not get is told', async () => {
  const definition = definitionWith({
    machine: 'raspi3b',
    machineOptions: {},
    cpu: 'cortex-a53',
    vcpus: 4,
    memoryMiB: 1024,
    network: { mode: 'user', model: 'onboard', mac: '52:54:00:12:34:56', forwards: [] },
  });
  expect(await tried(definition)).toMatchObject([{ rule: 'network-not-made', field: '/network/model' }]);
});
