import { expect, it } from 'vitest';
import { readMemoryTree } from './memory-tree.ts';

/** From QEMU 10.0 (mps2-an385 and virt), shortened; HMP ends its lines with CR LF. */
const answer = `FlatView #0
 AS "I/O", root: io
 Root memory region: io
  0000000000000000-000000000000ffff (prio 0, i/o): io

FlatView #1
 AS "memory", root: system
 Root memory region: system
  0000000000000000-0000000003ffffff (prio 0, romd): virt.flash0
  0000000040000000-000000007fffffff (prio 0, ram): mach-virt.ram
  0000000040003000-0000000040003fff (prio -1000, i/o): CMSDK APB peripheral region @0x40000000 @0000000000003000
  0000000080000000-0000000080000fff (prio 0, ram): mach-virt.ram @0000000040000000 KVM
  0000000090000000-0000000090000fff (prio 0, rom): boot rom

`.replaceAll('\n', '\r\n');

it('reads ranges, kinds, offsets and placeholders, whatever is in a name', () => {
  expect(readMemoryTree(answer)).toEqual([
    {
      name: 'virt.flash0',
      kind: 'flash',
      start: 0n,
      end: 0x3ffffffn,
      offset: 0n,
      placeholder: false,
    },
    {
      name: 'mach-virt.ram',
      kind: 'ram',
      start: 0x40000000n,
      end: 0x7fffffffn,
      offset: 0n,
      placeholder: false,
    },
    {
      name: 'CMSDK APB peripheral region @0x40000000',
      kind: 'device',
      start: 0x40003000n,
      end: 0x40003fffn,
      offset: 0x3000n,
      placeholder: true,
    },
    {
      name: 'mach-virt.ram',
      kind: 'ram',
      start: 0x80000000n,
      end: 0x80000fffn,
      offset: 0x40000000n,
      placeholder: false,
    },
    {
      name: 'boot rom',
      kind: 'rom',
      start: 0x90000000n,
      end: 0x90000fffn,
      offset: 0n,
      placeholder: false,
    },
  ]);
});

it('prefers what the first core sees to what the system has', () => {
  const core = answer.replace(
    'FlatView #0',
    `FlatView #7\r\n AS "cpu-memory-0", root: armv7m-container\r\n  00000000e000e010-00000000e000e0ef (prio 1, i/o): v7m_systick\r\n\r\nFlatView #0`,
  );
  expect(readMemoryTree(core).map(({ name }) => name)).toEqual(['v7m_systick']);
});

it('finds nothing in what is no such answer', () => {
  expect(readMemoryTree('unknown command: info mtree\r\n')).toEqual([]);
  expect(readMemoryTree('')).toEqual([]);
});
