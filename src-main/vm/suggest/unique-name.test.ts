import { describe, expect, it } from 'vitest';
import { vmName } from '../../contract/definition.ts';
import { nameFromFile, uniqueName } from './unique-name.ts';

describe('nameFromFile', () => {
  it.each([
    ['/iso/debian-12.5.0-arm64-netinst.iso', 'Debian 12.5.0 arm64 netinst'],
    ['u-boot.bin', 'U boot'],
    ['/x/Fedora_Cloud.qcow2', 'Fedora Cloud'],
    ['/x/debian-13-arm64.raw.xz', 'Debian 13 arm64'],
    ['/x/vmlinuz.gz', 'Vmlinuz'],
    ['/x/.iso', 'Linux'],
    ['/x/a\nb.iso', 'Ab'],
    [`/x/${'long '.repeat(40)}.iso`, undefined],
  ])('makes a name of %s', (file, expected) => {
    const name = nameFromFile(file, 'Linux');
    if (expected !== undefined) expect(name).toBe(expected);
    expect(vmName.safeParse(name).success).toBe(true);
  });
});

it('tells names apart by a number, whatever their case', () => {
  expect(uniqueName('Debian', [])).toBe('Debian');
  expect(uniqueName('Debian', ['debian', 'Other'])).toBe('Debian 2');
  expect(uniqueName('Debian', ['Debian', 'Debian 2', 'Debian 4'])).toBe('Debian 3');
});
