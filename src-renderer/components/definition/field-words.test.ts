// Pointers into a definition as words.
import { expect, test } from 'vitest';
import { fieldWords } from './field-words.ts';

test.each([
  ['/cpu', 'CPU'],
  ['/boot/kernel', 'Kernel'],
  ['/boot/file', 'Boot'],
  ['/disks/0/file', 'Disk 1'],
  ['/disks', 'Disks'],
  ['/loaders/1/address', 'Loaded file 2'],
  ['/network/forwards/0/hostPort', 'Port forwards'],
  ['/network/mode', 'Network'],
  ['/debug/gdb/port', 'GDB stub'],
  ['/somethingNew', '/somethingNew'],
])('%s is %s', (pointer, words) => {
  expect(fieldWords(pointer)).toBe(words);
});
