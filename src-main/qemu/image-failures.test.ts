import { expect, test } from 'vitest';
import { imageFault } from './image-failures.ts';

/** Words of qemu-img that take a full or foreign disk to be seen. */
test.each([
  ['disk-full', 'qemu-img: error while writing at byte 1048576: No space left on device'],
  ['disk-full', 'qemu-img: /x: error while converting raw: Could not resize file: File too large'],
  ['file-unusable', "qemu-img: Could not open '/x': Permission denied"],
  [
    'file-unusable',
    'qemu-img: Could not open \'/x\': Failed to get shared "write" lock\nIs another process using the image [/x]?',
  ],
  ['file-unusable', "qemu-img: Could not open '/x': L1 size too big"],
  ['qemu-missing', 'Command failed with ENOENT: /gone/qemu-img info\nspawn /gone/qemu-img ENOENT'],
  ['file-unusable', 'qemu-img: something new'],
])('%s: %s', (code, words) => {
  const fault = imageFault(words, '/x');
  expect(fault.code).toBe(code);
  expect(fault.data.detail).toBe(words);
  expect(fault.data.remedy).not.toBe('');
});
