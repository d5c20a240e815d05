import { expect, test } from 'vitest';
import { isOldVersion, parseDescriptions, parseUserDevices, parseVersion } from './probe.ts';

test('reads versions as distributions print them', () => {
  expect(parseVersion('QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)\nCopyright')).toEqual({
    major: 10,
    minor: 0,
    micro: 2,
    text: '10.0.2 (Debian 1:10.0.2+ds-2)',
  });
  expect(parseVersion('QEMU emulator version 9.2.1\n')?.text).toBe('9.2.1');
  expect(parseVersion('bash, version 5.2')).toBeUndefined();
});

test('8.2 is the oldest that is taken', () => {
  expect(
    [
      [7, 2],
      [8, 1],
      [8, 2],
      [9, 0],
      [10, 0],
    ].map(([major = 0, minor = 0]) => isOldVersion({ major, minor })),
  ).toEqual([true, true, false, false, false]);
});

test('takes the remarks out of machine descriptions', () => {
  const text = [
    'Supported machines are:',
    'virt                 QEMU 10.0 ARM Virtual Machine (alias of virt-10.0)',
    'virt-6.0             QEMU 6.0 ARM Virtual Machine (deprecated)',
    'ast2500-evb          Aspeed AST2500 EVB (ARM1176)',
  ].join('\n');
  expect(Object.fromEntries(parseDescriptions(text))).toMatchObject({
    virt: 'QEMU 10.0 ARM Virtual Machine',
    'virt-6.0': 'QEMU 6.0 ARM Virtual Machine',
    'ast2500-evb': 'Aspeed AST2500 EVB (ARM1176)',
  });
});

test('lists what a user can create, once', () => {
  const text = [
    'Network devices:',
    'name "virtio-net-pci", bus PCI, alias "virtio-net"',
    'name "e1000", bus PCI, desc "no-user of old"',
    'name "pl011", bus System, no-user',
    'name "virtio-net-pci", bus PCI',
  ].join('\r\n');
  expect(parseUserDevices(text)).toEqual(['e1000', 'virtio-net-pci']);
});
