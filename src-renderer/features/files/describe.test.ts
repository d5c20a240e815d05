// A file in words, for the purpose it is wanted for.
import { expect, test } from 'vitest';
import type { FileFact } from '../../../src-main/contract/image.ts';
import { describeFile } from './describe.ts';

const fact = (more: Partial<FileFact>): FileFact => ({
  file: '/home/me/file',
  kind: 'file',
  sizeBytes: 30 * 1024 * 1024,
  writable: true,
  ...more,
});

test.each([
  ['missing', 'no such file'],
  ['unreadable', 'cannot be read'],
  ['directory', 'a folder'],
  ['device', 'a device'],
] as const)('%s is refused in its own words', (kind, words) => {
  const described = describeFile(fact({ kind }), 'kernel');
  expect(described).toMatchObject({ tone: 'bad' });
  expect(described.words).toContain(words);
});

test('an empty file is refused', () => {
  expect(describeFile(fact({ sizeBytes: 0 }), 'any').words).toBe('This file is empty.');
});

test('a kernel is told with its page size', () => {
  const header = {
    type: 'linux-arm64',
    pageSizeKiB: 4,
    bigEndian: false,
    efiStub: true,
    imageSizeBytes: 1,
  } as const;
  expect(describeFile(fact({ header }), 'kernel')).toEqual({
    tone: 'good',
    words: 'Linux arm64 kernel, 4 KiB pages, 30 MiB.',
  });
  expect(describeFile(fact({ header }), 'initrd').tone).toBe('doubt');
});

test('an ELF for another architecture is refused', () => {
  const header = {
    type: 'elf',
    bits: 64,
    machine: 62,
    machineName: 'x86-64',
    entry: '0x401000',
    bigEndian: false,
  } as const;
  const described = describeFile(fact({ header }), 'firmware');
  expect(described.tone).toBe('bad');
  expect(described.words).toContain('for x86-64, not for ARM');
});

test('firmware of unknown kind is fine, a kernel of unknown kind is doubtful', () => {
  expect(describeFile(fact({ header: { type: 'unknown' } }), 'firmware').tone).toBe('good');
  expect(describeFile(fact({ header: { type: 'unknown' } }), 'kernel').tone).toBe('doubt');
});

test('an ISO without an arm64 loader is doubtful, a kernel is no ISO', () => {
  const iso = { type: 'iso9660', volume: 'DEBIAN', uefiArm64: false } as const;
  expect(describeFile(fact({ header: iso }), 'iso')).toMatchObject({ tone: 'doubt' });
  expect(describeFile(fact({ header: { ...iso, uefiArm64: true } }), 'iso')).toMatchObject({ tone: 'good' });
  expect(describeFile(fact({ header: { type: 'linux-arm' } }), 'iso')).toMatchObject({ tone: 'doubt' });
});

const disk = {
  format: 'qcow2',
  virtualSizeBytes: 20 * 1024 ** 3,
  allocatedBytes: 1.3 * 1024 ** 3,
  refusals: [],
  doubts: [],
} as const;

test('a disk is told with both of its sizes', () => {
  expect(describeFile(fact({ disk: { ...disk, refusals: [], doubts: [] } }), 'disk')).toEqual({
    tone: 'good',
    words: 'qcow2 image, 20 GiB for the guest, 1.3 GiB used on disk.',
  });
});

test('a refused disk says why, a doubtful one what to look at, a shared one who has it', () => {
  const refused = { ...disk, refusals: ['it names a backing file', 'it is encrypted'], doubts: [] };
  expect(describeFile(fact({ disk: refused }), 'disk')).toEqual({
    tone: 'bad',
    words:
      'qcow2 image, 20 GiB for the guest, 1.3 GiB used on disk. It names a backing file; it is encrypted.',
  });
  const doubtful = { ...disk, format: 'raw' as const, refusals: [], doubts: ['it has no partition table'] };
  expect(describeFile(fact({ disk: doubtful }), 'disk').words).toContain('. It has no partition table.');
  const shared = fact({ disk: { ...disk, refusals: [], doubts: [] }, usedBy: 'Debian' });
  expect(describeFile(shared, 'disk')).toMatchObject({ tone: 'doubt' });
  expect(describeFile(fact({}), 'disk')).toMatchObject({ tone: 'bad' });
});
