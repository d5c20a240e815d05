// Whose file it is.
import { expect, test } from 'vitest';
import { isOwnFile } from './own-file.ts';

test('relative paths are the machine’s own, absolute ones the user’s', () => {
  expect(['disks/disk0.qcow2', 'firmware/sample-virt.elf'].map(isOwnFile)).toEqual([true, true]);
  expect(['/boot/Image', 'C:\\Image', 'D:/x.iso', '\\\\server\\x', ''].map(isOwnFile)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
