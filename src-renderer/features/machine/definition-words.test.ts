// Parts of a definition in few words.
import { describe, expect, test } from 'vitest';
import type { Boot, LoaderImage, VmDefinition } from '../../../src-main/contract/definition.ts';
import { bootWords, fileName, forwardWords, sshCommand } from './definition-words.ts';

test.each([
  ['/boot/vmlinuz', 'vmlinuz'],
  ['disks/a b.qcow2', 'a b.qcow2'],
  ['C:\\images\\x.iso', 'x.iso'],
  ['/dir/', 'dir'],
  ['/', '/'],
])('the name of %s is %s', (path, name) => {
  expect(fileName(path)).toBe(name);
});

describe('bootWords', () => {
  const words = (boot: Boot, loaders: LoaderImage[] = []) =>
    bootWords({ boot, loaders } as unknown as VmDefinition);

  test.each<[Boot, string]>([
    [{ kind: 'uefi' }, 'UEFI firmware'],
    [{ kind: 'kernel', kernel: '/k/Image', initrd: '/k/initrd.gz', cmdline: '' }, 'Image + initrd.gz'],
    [{ kind: 'kernel', kernel: '/k/Image', dtb: '/k/x.dtb', cmdline: '' }, 'Image + x.dtb'],
    [{ kind: 'bios', file: '/f/u-boot.bin' }, 'Firmware u-boot.bin'],
    [{ kind: 'pflash', code: '/f/flash.fd' }, 'Firmware in flash, flash.fd'],
    [{ kind: 'elf', file: 'firmware/hello.elf' }, 'Bare-metal ELF hello.elf'],
    [{ kind: 'media' }, 'The board’s own boot media'],
  ])('%j', (boot, expected) => {
    expect(words(boot)).toBe(expected);
  });

  test('a loader list names each file and where it goes', () => {
    const loaders = [{ file: '/a.bin', address: '0x40080000', core: 0 }, { file: '/b.elf' }];
    expect(words({ kind: 'loader' }, loaders)).toBe('a.bin at 0x40080000, b.elf');
  });
});

describe('port forwards', () => {
  const forward = { protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: 2222, guestPort: 22 } as const;

  test('are written from host to guest', () => {
    expect(forwardWords(forward)).toBe('127.0.0.1:2222 → 22/tcp');
  });

  test('the SSH port has a command, also when it is open to the network', () => {
    expect(sshCommand(forward)).toBe('ssh -p 2222 127.0.0.1');
    expect(sshCommand({ ...forward, hostAddress: '0.0.0.0' })).toBe('ssh -p 2222 127.0.0.1');
    expect(sshCommand({ ...forward, hostAddress: '192.168.1.4' })).toBe('ssh -p 2222 192.168.1.4');
  });

  test('other ports have none', () => {
    expect(sshCommand({ ...forward, guestPort: 80 })).toBeUndefined();
    expect(sshCommand({ ...forward, protocol: 'udp' })).toBeUndefined();
  });
});
