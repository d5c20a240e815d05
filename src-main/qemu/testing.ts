// What the tests of this folder share: the QEMU of this tree, definitions to start from, rooms of their own.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import type { Launch } from './launch.ts';
import { createQemuFinder, type QemuFinder } from './locate.ts';

export const resourcesDir = path.resolve(import.meta.dirname, '../../resources');

/** To ask a QEMU for all that it can takes seconds: once for all tests. */
export const testCache = path.resolve(import.meta.dirname, '../../.stage/test-cache');

/** The bundled QEMU, or the system's where there is no bundle, or the one that ARMOIRE_TEST_QEMU names. */
export function finderIn(cacheDir: string): QemuFinder {
  return createQemuFinder({
    resourcesDir,
    cacheDir,
    settings: () => ({ qemuOrder: 'bundled-first', qemuPath: process.env.ARMOIRE_TEST_QEMU ?? null }),
  });
}

export const testQemu = () => finderIn(testCache).require();

/** What a promise was rejected with; throws when that is no fault, or it was not. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw new Error(`not a fault: ${String(error)}`);
  return error;
}

/** A directory for the time of `work`. */
export async function inTemporaryDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'armoire-qemu-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const plain: VmDefinition = {
  name: 'Test',
  note: '',
  origin: 'firmware',
  machine: 'virt-10.0',
  machineOptions: { gicVersion: '3' },
  cpu: 'cortex-a72',
  vcpus: 1,
  memoryMiB: 256,
  accelerator: 'tcg',
  boot: { kind: 'media' },
  loaders: [],
  disks: [],
  network: { mode: 'none', model: 'virtio-net-pci', mac: '52:54:00:12:34:56', forwards: [] },
  uarts: 1,
  debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
};

export function definitionWith(changes: Partial<VmDefinition>): VmDefinition {
  return { ...plain, ...changes };
}

export function launchWith(changes: Partial<Launch>): Launch {
  return {
    vmId: '0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f0',
    program: '/usr/bin/qemu-system-aarch64',
    version: { major: 10, minor: 0, micro: 2, text: '10.0.2' },
    features: ['sandbox', 'user-network', 'mapped-ram'],
    host: { platform: 'linux', arch: 'x64' },
    accelerator: 'tcg',
    vmDirectory: '/library/vm',
    qmpSocket: '/run/vm/qmp.sock',
    consoles: [{ id: 'uart0', logPath: '/library/vm/logs/uart0.log', inputPath: '/run/vm/uart0.in' }],
    wiring: {
      expansion: 'pci',
      usb: 'added',
      flash: 'property',
      flashBytes: 67_108_864,
      takesMemory: true,
      slots: {},
    },
    blankDrives: false,
    layers: {},
    incoming: false,
    ...changes,
  };
}

/** Kernels, initrds and disk images for tests; made by `npm run stage:guests`. */
export const guestsDir = path.resolve(import.meta.dirname, '../../.stage/guests');

export const sampleProgram = path.join(resourcesDir, 'sample', 'sample-virt.elf');
