import { describe, expect, it } from 'vitest';
import { type VmDefinition, vmDefinition } from '../contract/definition.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import { boardFor, machinesToShow } from './board.ts';
import { boardCards } from './catalogue.ts';
import { checkDefinition } from './check.ts';
import {
  armServer,
  definition,
  facts,
  kernelBoot,
  pc,
  qemu10,
  qemu11,
  withHardware,
} from './fixtures/samples.ts';
import { refit } from './refit.ts';
import { hasRoute } from './rules/boot.ts';

const disk = (id: string, bus: VmDefinition['disks'][number]['bus'], media: 'disk' | 'cdrom' = 'disk') => ({
  id,
  file: `disks/${id}`,
  format: 'raw' as const,
  media,
  bus,
  readOnly: media === 'cdrom',
});

const starts: Readonly<Record<string, VmDefinition>> = {
  'UEFI with disks': definition({
    disks: [disk('a', 'virtio'), disk('b', 'nvme'), disk('c', 'scsi', 'cdrom'), disk('d', 'usb')],
  }),
  'a Linux kernel with its device tree': definition({
    boot: kernelBoot({ dtb: '/boot/board.dtb', cmdline: 'root=/dev/vda console=ttyAMA0,115200 quiet' }),
    uarts: 2,
  }),
  'a bare-metal ELF on a Cortex-M': definition({
    machine: 'mps2-an385',
    cpu: 'cortex-m3',
    vcpus: 1,
    memoryMiB: 16,
    boot: { kind: 'elf', file: '/tmp/app.elf' },
    disks: [],
    network: { ...definition().network, model: 'onboard' },
  }),
  'everything switched on': definition({
    cpu: 'max',
    vcpus: 300,
    memoryMiB: 12_000,
    boot: { kind: 'loader' },
    machineOptions: {
      gicVersion: '4',
      virtualization: true,
      secure: true,
      mte: true,
      highmem: true,
      iommu: 'smmuv3',
    },
    loaders: [{ file: '/tmp/a.bin', address: '0x48000000', core: 299 }],
    uarts: 16,
    disks: Array.from({ length: 12 }, (_, index) => disk(`d${index}`, 'virtio')),
  }),
  'a board of another version': definition({ machine: 'virt-1.0', vcpus: 8 }),
  'flash on a board with a list of sizes': definition({
    machine: 'ast2600-evb',
    cpu: 'cortex-a7',
    memoryMiB: 1024,
    boot: { kind: 'media' },
    disks: [disk('flash', 'mtd')],
    network: { ...definition().network, model: 'onboard' },
  }),
  'the host’s own CPU under KVM': definition({
    cpu: 'host',
    accelerator: 'kvm',
    machineOptions: { gicVersion: 'host' },
  }),
};

/** Rules about what only the user can bring: files, images, a firmware. */
function isForTheUser(rule: string, refitted: VmDefinition, qemu: QemuCapabilities): boolean {
  const board = boardFor(refitted.machine, qemu);
  const empty = (['uefi', 'media', 'loader'] as const).some((kind) => board && hasRoute(board, kind));
  const files: readonly string[] = ['boot-media', 'boot-nothing-loaded', 'loader-over-device-tree'];
  return files.includes(rule) || (rule === 'boot-route' && !empty);
}

describe.each([
  ['10.0', qemu10],
  ['11.1', qemu11],
])('refit on QEMU %s', (_version, qemu) => {
  const machines = machinesToShow(qemu).map(({ name }) => name);

  it.each(Object.entries(starts))('makes %s fit every board', (_what, start) => {
    for (const machine of machines) {
      const { definition: refitted, changes } = refit(start, machine, qemu, pc);
      expect(vmDefinition.safeParse(refitted).error, machine).toBeUndefined();
      const errors = checkDefinition(refitted, facts({ qemu })).filter(
        ({ severity, rule }) => severity === 'error' && !isForTheUser(rule, refitted, qemu),
      );
      expect({ machine, errors }).toEqual({ machine, errors: [] });
      expect(changes.filter(({ why, from, to }) => why === '' || from === to)).toEqual([]);
    }
  });

  it('changes nothing the second time', () => {
    for (const start of Object.values(starts)) {
      for (const machine of machines) {
        const once = refit(start, machine, qemu, pc).definition;
        expect({ machine, changes: refit(once, machine, qemu, pc).changes }).toEqual({
          machine,
          changes: [],
        });
      }
    }
  });
});

describe('refit', () => {
  it('takes the newest version of a versioned machine, or the one that is named', () => {
    expect(refit(definition({ machine: 'virt-9.2' }), 'virt', qemu10, pc).definition.machine).toBe(
      'virt-10.0',
    );
    expect(refit(definition(), 'virt-9.2', qemu10, pc).definition.machine).toBe('virt-9.2');
  });

  it('says what it changed and why', () => {
    const { changes } = refit(definition(), 'raspi3b', qemu10, pc);
    expect(changes.map(({ field, from, to }) => [field, from, to])).toEqual([
      ['/machine', 'virt-10.0', 'raspi3b'],
      ['/boot', 'UEFI', 'loader list'],
      ['/cpu', 'cortex-a72', 'cortex-a53'],
      ['/vcpus', '2', '4'],
      ['/memoryMiB', '2048', '1024'],
      ['/disks/0/bus', 'virtio', 'sd'],
      ['/network/model', 'virtio-net-pci', 'usb-net'],
      ['/uarts', '1', '2'],
    ]);
    expect(changes.find(({ field }) => field === '/vcpus')?.why).toBe('raspi3b has exactly 4.');
  });

  it('leaves the interrupt controller open on no board that has the choice', () => {
    const away = refit(definition({ machineOptions: { gicVersion: '3' } }), 'raspi3b', qemu10, pc).definition;
    expect(away.machineOptions).toEqual({});
    expect(refit(away, 'virt', qemu10, pc).definition.machineOptions).toEqual({ gicVersion: '3' });
    const chosen = definition({ machineOptions: {} });
    expect(refit(chosen, 'virt-9.2', qemu10, pc).definition.machineOptions).toEqual({});
  });

  it('keeps the width of CPU that a kernel was made for', () => {
    const start = definition({ machine: 'vexpress-a15', cpu: 'cortex-a15', boot: kernelBoot() });
    expect(refit(start, 'virt', qemu10, pc).definition.cpu).toBe('cortex-a15');
    const other = definition({ machine: 'vexpress-a9', cpu: 'cortex-a9', boot: kernelBoot() });
    expect(refit(other, 'virt', qemu10, pc).definition.cpu).toBe('cortex-a15');
  });

  it('moves the kernel’s console and shows it, and drops the other board’s device tree', () => {
    const start = definition({
      machine: 'raspi3b',
      boot: kernelBoot({ dtb: '/boot/x.dtb', cmdline: 'quiet console=ttyAMA0,115200' }),
    });
    const { definition: refitted } = refit(start, 'sabrelite', qemu10, pc);
    expect(refitted.boot).toEqual({
      kind: 'kernel',
      kernel: '/boot/Image',
      cmdline: 'quiet console=ttymxc1,115200',
    });
    expect(refitted.uarts).toBe(2);
  });

  it('keeps a device tree that virt, which makes its own, was given for the board to come', () => {
    const start = definition({ boot: kernelBoot({ dtb: '/boot/bcm2837-rpi-3-b.dtb' }) });
    expect(refit(start, 'raspi3b', qemu10, pc).definition.boot).toMatchObject({
      dtb: '/boot/bcm2837-rpi-3-b.dtb',
    });
    expect(refit(start, 'xlnx-versal-virt', qemu10, pc).definition.boot).not.toHaveProperty('dtb');
  });

  it('moves the kernel to the UART that the board’s software talks on, even where both boards know the name', () => {
    const { definition: refitted } = refit(definition({ boot: kernelBoot() }), 'raspi3b', qemu10, pc);
    expect(refitted.boot).toMatchObject({ cmdline: 'console=ttyS1' });
    expect(refitted.uarts).toBe(2);
    const chosen = { ...refitted, boot: kernelBoot({ cmdline: 'console=ttyAMA0' }) };
    expect(refit(chosen, 'raspi3b', qemu10, pc).definition.boot).toMatchObject({
      cmdline: 'console=ttyAMA0',
    });
  });

  it('does not carry over RAM that the board before had dictated', () => {
    const start = definition({ machine: 'mps2-an385', memoryMiB: 16, boot: { kind: 'loader' } });
    expect(refit(start, 'virt', qemu10, pc).definition.memoryMiB).toBe(2048);
  });

  it('takes no more RAM than this computer can spare', () => {
    const small = { ...pc, memoryMiB: 1024 };
    expect(refit(definition(), 'vexpress-a15', qemu10, small).definition.memoryMiB).toBeLessThan(1024);
  });

  it('keeps KVM and host on virt where they work, and drops them elsewhere', () => {
    const kvm = withHardware(qemu10, 'kvm');
    const start = definition({ cpu: 'host', accelerator: 'kvm' });
    expect(refit(start, 'virt', kvm, armServer).changes).toEqual([]);
    const { definition: refitted } = refit(start, 'raspi4b', kvm, armServer);
    expect(refitted).toMatchObject({ cpu: 'cortex-a72', accelerator: 'auto' });
  });

  it('leaves out disks that have no place and says that the file stays', () => {
    const { definition: refitted, changes } = refit(definition(), 'microbit', qemu10, pc);
    expect(refitted.disks).toEqual([]);
    expect(changes.find(({ field }) => field === '/disks/0')?.why).toContain('the file stays');
  });

  it('refuses a machine that this QEMU does not have', () => {
    expect(() => refit(definition(), 'toaster', qemu10, pc)).toThrow(/no machine type toaster/);
  });

  it('gives each board of the catalogue the CPU that its card recommends, from scratch', () => {
    for (const card of boardCards(qemu10)) {
      const fresh = definition({ cpu: 'max', boot: { kind: 'media' }, disks: [] });
      const { cpu } = refit(fresh, card.machine, qemu10, pc).definition;
      expect([card.cpus.recommended, 'max']).toContain(cpu);
    }
  });
});
