import { expect, test } from 'vitest';
import type { VmDefinition } from '../../src-main/contract/definition.ts';
import { gdbCommand } from './gdb-command.ts';

const definition: VmDefinition = {
  name: 'Test',
  note: '',
  origin: 'firmware',
  machine: 'virt-10.0',
  machineOptions: {},
  cpu: 'cortex-a72',
  vcpus: 1,
  memoryMiB: 128,
  accelerator: 'auto',
  boot: { kind: 'elf', file: '/home/me/my app.elf' },
  loaders: [],
  disks: [],
  network: { mode: 'none', model: 'virtio-net-pci', mac: '52:54:00:12:34:56', forwards: [] },
  uarts: 1,
  debug: { gdb: { enabled: true, port: 1234 }, startHalted: false, semihosting: false },
};

test('the line names the stub and the ELF that is debugged, quoted for a shell', () => {
  expect(gdbCommand(definition)).toBe(
    "gdb-multiarch -ex 'target remote 127.0.0.1:1234' '/home/me/my app.elf'",
  );
});

test('a file of the machine’s own is named where it lies, and not before it lies there', () => {
  const own: VmDefinition = { ...definition, boot: { kind: 'elf', file: 'firmware/app.elf' } };
  expect(gdbCommand(own, '/library/id')).toMatch(/ \/library\/id\/firmware\/app\.elf$/);
  expect(gdbCommand(own)).toBe("gdb-multiarch -ex 'target remote 127.0.0.1:1234'");
});

test('a raw image and a kernel have no symbols; an ELF of the loader list has', () => {
  const raw: VmDefinition = {
    ...definition,
    boot: { kind: 'loader' },
    loaders: [
      { file: '/a.bin', address: '0x40100000' },
      { file: '/b.elf', core: 0 },
    ],
  };
  expect(gdbCommand(raw)).toMatch(/ \/b\.elf$/);
  const kernel: VmDefinition = { ...definition, boot: { kind: 'kernel', kernel: '/Image', cmdline: '' } };
  expect(gdbCommand(kernel)).toMatch(/1234'$/);
});
