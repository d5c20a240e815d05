import { describe, expect, it } from 'vitest';
import type { Disk, PortForward } from '../../contract/definition.ts';
import type { DiskImageInfo, FileFact } from '../../contract/image.ts';
import { expectRule, type RuleCase } from '../fixtures/rule-case.ts';
import { definition, file, kernelBoot, problems, qemu10 } from '../fixtures/samples.ts';

const image = '/data/image';
const disk = (changes: Partial<Disk> = {}): Disk => ({
  id: 'disk0',
  file: image,
  format: 'raw',
  media: 'disk',
  bus: 'virtio',
  readOnly: false,
  ...changes,
});
const info = (changes: Partial<DiskImageInfo> = {}): DiskImageInfo => ({
  format: 'raw',
  virtualSizeBytes: 2 ** 30,
  allocatedBytes: 0,
  refusals: [],
  doubts: [],
  ...changes,
});
const about = (fact: Partial<FileFact>) => ({ files: new Map([file(image, fact)]) });
const onZynq = { machine: 'xilinx-zynq-a9', cpu: 'cortex-a9', memoryMiB: 1024 };

const { network } = definition();
const forward = (hostPort: number, changes: Partial<PortForward> = {}): PortForward => ({
  protocol: 'tcp',
  hostAddress: '127.0.0.1',
  hostPort,
  guestPort: 22,
  ...changes,
});
const forwards = (...list: PortForward[]) => ({ network: { ...network, forwards: list } });

const cases: RuleCase[] = [
  ...(['missing', 'directory', 'device', 'unreadable'] as const).map(
    (kind): RuleCase => ({
      rule: `file-${kind}`,
      change: { disks: [disk()] },
      given: about({ kind }),
      field: '/disks/0/file',
      fix: null,
    }),
  ),
  {
    rule: 'file-missing',
    change: { boot: kernelBoot({ initrd: image }) },
    given: about({ kind: 'missing' }),
    field: '/boot/initrd',
    fix: 'Leave it out',
  },
  {
    rule: 'file-empty',
    change: { loaders: [{ file: image }] },
    given: about({ sizeBytes: 0 }),
    field: '/loaders/0/file',
    fix: null,
  },
  {
    rule: 'file-read-only',
    change: { disks: [disk()] },
    given: about({ writable: false }),
    field: '/disks/0/readOnly',
    fix: 'Open it read-only',
  },

  { rule: 'disk-bus', change: { disks: [disk({ bus: 'sd' })] }, field: '/disks/0/bus', fix: 'Use virtio' },
  {
    rule: 'disk-bus',
    change: { machine: 'microbit', disks: [disk()] },
    field: '/disks/0/bus',
    fix: 'Remove this disk from the machine',
  },
  {
    rule: 'disk-device',
    change: { disks: [disk({ bus: 'nvme' })] },
    given: { qemu: { ...qemu10, devices: qemu10.devices.filter((name) => name !== 'nvme') } },
    field: '/disks/0/bus',
    says: 'built without nvme',
    fix: 'Use virtio',
  },
  {
    rule: 'disk-too-many',
    change: { ...onZynq, disks: ['a', 'b', 'c'].map((id) => disk({ id, file: `/data/${id}`, bus: 'sd' })) },
    field: '/disks/2/bus',
    says: 'room for 2',
    fix: 'Use mtd',
  },
  {
    rule: 'disk-cdrom-bus',
    change: { disks: [disk({ media: 'cdrom', bus: 'nvme', readOnly: true })] },
    field: '/disks/0/bus',
    fix: 'Use virtio',
  },
  {
    rule: 'disk-cdrom-writable',
    change: { disks: [disk({ media: 'cdrom' })] },
    field: '/disks/0/readOnly',
    fix: 'Make it read-only',
  },
  {
    rule: 'disk-never-read-only',
    change: { ...onZynq, disks: [disk({ bus: 'sd', readOnly: true })] },
    field: '/disks/0/readOnly',
    says: 'An SD card cannot be read-only',
    fix: 'Let the guest write to it',
  },
  {
    rule: 'disk-never-read-only',
    change: { ...onZynq, disks: [disk({ bus: 'sd', readOnly: true })] },
    given: about({ writable: false }),
    field: '/disks/0/readOnly',
    says: 'use a copy',
    fix: null,
  },
  {
    rule: 'file-read-only',
    change: { ...onZynq, disks: [disk({ bus: 'sd' })] },
    given: about({ writable: false }),
    field: '/disks/0/readOnly',
    fix: null,
  },
  {
    rule: 'disk-sd-size',
    change: { ...onZynq, disks: [disk({ bus: 'sd' })] },
    given: about({ disk: info({ virtualSizeBytes: 3 * 2 ** 30 }) }),
    field: '/disks/0/file',
    says: '4 GiB',
    fix: 'Grow the image to 4 GiB',
  },
  {
    rule: 'disk-sd-size',
    change: { ...onZynq, disks: [disk({ bus: 'sd', readOnly: true })] },
    given: about({ disk: info({ virtualSizeBytes: 3 * 2 ** 30 }) }),
    field: '/disks/0/file',
    fix: null,
  },
  {
    rule: 'disk-flash-size',
    change: { ...onZynq, disks: [disk({ bus: 'mtd' })] },
    given: about({ disk: info() }),
    field: '/disks/0/file',
    says: 'exactly 16 MiB',
    fix: null,
  },
  {
    rule: 'disk-format',
    change: { disks: [disk()] },
    given: about({ disk: info({ format: 'qcow2' }) }),
    field: '/disks/0/format',
    fix: 'Use qcow2',
  },
  {
    rule: 'disk-format',
    change: { disks: [disk()] },
    given: about({ disk: info({ format: 'vmdk' }) }),
    field: '/disks/0/format',
    says: 'converted',
    fix: null,
  },
  {
    rule: 'disk-refused',
    change: { disks: [disk({ format: 'qcow2' })] },
    given: about({ disk: info({ format: 'qcow2', refusals: ['it has a backing file'] }) }),
    field: '/disks/0/file',
    says: 'backing file',
    fix: null,
  },
  {
    rule: 'disk-doubt',
    change: { disks: [disk()] },
    given: about({ disk: info({ doubts: ['it has no partition table'] }) }),
    field: '/disks/0/file',
    severity: 'warning',
    fix: null,
  },
  {
    rule: 'disk-in-use',
    change: { disks: [disk()] },
    given: about({ usedBy: 'Debian' }),
    field: '/disks/0/file',
    says: '“Debian”',
    fix: 'Open it read-only',
  },
  {
    rule: 'disk-same-file',
    change: { disks: [disk(), disk({ id: 'b' })] },
    field: '/disks/1/file',
    fix: 'Remove this disk from the machine',
  },
  {
    rule: 'disk-same-id',
    change: { disks: [disk(), disk({ file: '/data/b' })] },
    field: '/disks/1/id',
    fix: 'Use disk1',
  },
  {
    rule: 'disk-same-boot-index',
    change: { disks: [disk({ bootIndex: 0 }), disk({ id: 'b', file: '/data/b', bootIndex: 0 })] },
    field: '/disks/1/bootIndex',
    fix: 'Put it last',
  },

  {
    rule: 'network-model',
    change: { network: { ...network, model: 'onboard' } },
    field: '/network/model',
    says: 'no network controller of its own',
    fix: 'Use virtio-net-pci',
  },
  {
    rule: 'network-model',
    change: { machine: 'vexpress-a9' },
    field: '/network/model',
    says: 'no place for virtio-net-pci',
    fix: 'Use onboard',
  },
  {
    rule: 'network-model',
    given: {
      qemu: {
        ...qemu10,
        devices: [...qemu10.devices.filter((name) => !/-net-|e1000e|igb/.test(name)), 'e1000'],
      },
    },
    field: '/network/model',
    says: 'built without',
    fix: 'Use e1000',
  },
  {
    rule: 'network-model',
    change: { machine: 'nuri', network: { ...network, model: 'onboard' } },
    given: { qemu: { ...qemu10, devices: [] } },
    field: '/network/model',
    fix: 'Go without a network',
  },
  {
    rule: 'network-user',
    given: { qemu: { ...qemu10, features: [] } },
    field: '/network/mode',
    fix: 'Go without a network',
  },
  {
    rule: 'network-mac',
    change: { network: { ...network, mac: '53:54:00:00:00:01' } },
    field: '/network/mac',
    fix: 'Use 52:54:00:00:00:01',
  },

  {
    rule: 'forward-duplicate',
    change: forwards(forward(2222), forward(2222)),
    field: '/network/forwards/1',
    fix: 'Remove it',
  },
  {
    rule: 'forward-duplicate',
    change: forwards(forward(2222), forward(2222, { guestPort: 80, hostAddress: '0.0.0.0' })),
    field: '/network/forwards/1/hostPort',
    fix: 'Use 2223',
  },
  {
    rule: 'forward-busy',
    change: forwards(forward(2222)),
    given: {
      busyPorts: new Map([
        ['tcp:2222', '“Debian”'],
        ['tcp:2223', 'another program'],
      ]),
    },
    field: '/network/forwards/0/hostPort',
    says: '“Debian”',
    fix: 'Use 2224',
  },
  {
    rule: 'forward-privileged',
    change: forwards(forward(80)),
    field: '/network/forwards/0/hostPort',
    fix: 'Use 8080',
  },
  {
    rule: 'forward-open',
    change: forwards(forward(2222, { hostAddress: '0.0.0.0' })),
    field: '/network/forwards/0/hostAddress',
    severity: 'hint',
    fix: 'Keep it to this computer',
  },
  {
    rule: 'forward-unused',
    change: { network: { ...network, mode: 'none', forwards: [forward(2222)] } },
    field: '/network/mode',
    severity: 'hint',
    fix: null,
  },
  {
    rule: 'debug-gdb-port',
    change: {
      ...forwards(forward(1234)),
      debug: { ...definition().debug, gdb: { enabled: true, port: 1234 } },
    },
    field: '/debug/gdb/port',
    says: 'a port forward of this machine',
    fix: 'Use 1235',
  },
  {
    rule: 'debug-gdb-port',
    change: { debug: { ...definition().debug, gdb: { enabled: true, port: 1234 } } },
    given: { busyPorts: new Map([['tcp:1234', '“Debian”']]) },
    field: '/debug/gdb/port',
    fix: 'Use 1235',
  },
];

describe('rules about files, disks, network and ports', () => {
  it.each(cases.map((one, index) => [`${one.rule} (case ${index})`, one] as const))('%s', (_name, one) =>
    expectRule(one),
  );

  it('lets UDP and TCP share a port number, and two read-only disks a file', () => {
    expect(problems(forwards(forward(2222), forward(2222, { protocol: 'udp' })))).toEqual([]);
    const shared = [disk({ readOnly: true }), disk({ id: 'b', readOnly: true })];
    expect(problems({ disks: shared })).toEqual([]);
  });

  it('lets the administrator use a port below 1024', () => {
    expect(problems(forwards(forward(80)), { canBindPrivileged: true })).toEqual([]);
  });

  it('looks at ports of a network that is in use only', () => {
    const off = { network: { ...network, mode: 'none' as const, forwards: [forward(80), forward(80)] } };
    expect(problems(off).map(({ rule }) => rule)).toEqual(['forward-unused']);
  });
});
