// From drafts to the wizard's first answer.
import { expect, test } from 'vitest';
import { emptyDrafts, missingOf, sourceOf } from './source.ts';

test('the sample needs nothing', () => {
  expect(sourceOf('sample', emptyDrafts)).toEqual({ kind: 'sample' });
});

test.each(['kernel', 'firmware', 'iso', 'disk'] as const)('%s says what is missing', (kind) => {
  expect(missingOf(kind, emptyDrafts)).toMatch(/^Choose/);
  expect(sourceOf(kind, emptyDrafts)).toBeNull();
});

test('empty answers are left out, an emptied command line is not', () => {
  const kernel = { kernel: '/Image', initrd: '', dtb: '', cmdline: null };
  expect(sourceOf('kernel', { ...emptyDrafts, kernel })).toEqual({ kind: 'kernel', kernel: '/Image' });
  expect(sourceOf('kernel', { ...emptyDrafts, kernel: { ...kernel, cmdline: '' } })).toEqual({
    kind: 'kernel',
    kernel: '/Image',
    cmdline: '',
  });
});

test('an address belongs to the loader alone and is hexadecimal', () => {
  const firmware = { how: 'loader', file: '/a.bin', address: '0x40080000' } as const;
  expect(sourceOf('firmware', { ...emptyDrafts, firmware })).toMatchObject({ address: '0x40080000' });
  expect(sourceOf('firmware', { ...emptyDrafts, firmware: { ...firmware, how: 'bios' } })).toEqual({
    kind: 'firmware',
    how: 'bios',
    file: '/a.bin',
  });
  expect(missingOf('firmware', { ...emptyDrafts, firmware: { ...firmware, address: '40080000' } })).toContain(
    '0x',
  );
});

test('the size of a new disk is in bytes', () => {
  expect(sourceOf('iso', { ...emptyDrafts, iso: { iso: '/a.iso', diskGiB: 2 } })).toEqual({
    kind: 'iso',
    iso: '/a.iso',
    diskBytes: 2147483648,
  });
});
