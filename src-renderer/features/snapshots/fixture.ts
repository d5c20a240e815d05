// A snapshot for tests: whatever is not said is ordinary.
import type { SnapshotView } from '../../../src-main/contract/snapshot.ts';

export function aSnapshot(said: Partial<SnapshotView>): SnapshotView {
  return {
    id: 'a',
    parent: null,
    name: said.id ?? 'a',
    note: '',
    createdAt: '2026-01-01T10:00:00.000Z',
    origin: 'user',
    memory: true,
    paused: false,
    bytes: 1048576,
    freedBytes: 1048576,
    definition: {
      name: 'vm',
      note: '',
      origin: 'sample',
      machine: 'virt-10.0',
      machineOptions: {},
      cpu: 'cortex-a72',
      vcpus: 1,
      memoryMiB: 128,
      accelerator: 'auto',
      boot: { kind: 'uefi' },
      loaders: [],
      disks: [],
      network: { mode: 'none', model: 'virtio-net-pci', mac: '52:54:00:00:00:01', forwards: [] },
      uarts: 1,
      debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
    },
    qemuVersion: '10.0.0',
    usedBy: [],
    ...said,
  };
}
