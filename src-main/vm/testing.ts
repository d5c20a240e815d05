// What the tests of this folder share: definitions to start from, and where the app's resources are.
import path from 'node:path';
import type { VmDefinition } from '../contract/definition.ts';

export const resourcesDir = path.resolve(import.meta.dirname, '../../resources');

const plain: VmDefinition = {
  name: 'Test',
  note: '',
  origin: 'sample',
  machine: 'virt-10.0',
  machineOptions: { gicVersion: '3' },
  cpu: 'cortex-a72',
  vcpus: 1,
  memoryMiB: 128,
  accelerator: 'tcg',
  boot: { kind: 'elf', file: 'firmware/sample-virt.elf' },
  loaders: [],
  disks: [],
  network: { mode: 'none', model: 'virtio-net-pci', mac: '52:54:00:12:34:56', forwards: [] },
  uarts: 1,
  debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
};

export function definitionWith(changes: Partial<VmDefinition> = {}): VmDefinition {
  return { ...plain, ...changes };
}
