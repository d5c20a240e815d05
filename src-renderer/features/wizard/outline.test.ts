// What Create will do, in words.
import { expect, test } from 'vitest';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import { outline } from './outline.ts';

const definition: VmDefinition = {
  name: ' Mine ',
  note: '',
  origin: 'kernel',
  machine: 'virt-10.0',
  machineOptions: {},
  cpu: 'cortex-a72',
  vcpus: 2,
  memoryMiB: 1024,
  accelerator: 'auto',
  boot: { kind: 'kernel', kernel: '/k/Image', initrd: '/k/initrd', cmdline: '' },
  loaders: [],
  disks: [],
  network: { mode: 'none', model: 'virtio-net-pci', mac: '52:54:00:00:00:01', forwards: [] },
  uarts: 1,
  debug: { gdb: { enabled: false, port: 1234 }, startHalted: false, semihosting: false },
};
const size = (bytes: number) => `${bytes} bytes`;

test('names every file that is used where it is', () => {
  const lines = outline({ definition, provisions: [] }, size);
  expect(lines).toContain('/k/Image is used where it is.');
  expect(lines).toContain('/k/initrd is used where it is.');
  expect(lines[0]).toBe('A folder for “Mine” is made in the library.');
});

test('says what is made, and which ports lead in', () => {
  const forwards = [{ protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: 2222, guestPort: 22 } as const];
  const network = { ...definition.network, mode: 'user', forwards } as const;
  const lines = outline(
    {
      definition: { ...definition, network: { ...network, forwards: [...forwards] } },
      provisions: [{ kind: 'new-disk', diskId: 'disk0', sizeBytes: 7 }],
    },
    size,
  );
  expect(lines.join('\n')).toContain('“disk0” is made: 7 bytes for the guest');
  expect(lines.at(-1)).toBe('TCP 127.0.0.1:2222 of this computer is passed on to its port 22.');
});

test('says when there is no network', () => {
  expect(outline({ definition, provisions: [] }, size).at(-1)).toBe('It has no network.');
});
