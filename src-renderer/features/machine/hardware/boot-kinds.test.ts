// Kinds of boot.
import { expect, test } from 'vitest';
import { boot } from '../../../../src-main/contract/definition.ts';
import { bootKinds, newBoot, withBootFile } from './boot-kinds.ts';

test('every kind of the contract can be chosen', () => {
  expect(bootKinds.map(({ kind }) => kind).toSorted()).toEqual(
    boot.options.map((option) => option.shape.kind.value).toSorted(),
  );
  for (const { kind } of bootKinds) expect(newBoot(kind).kind).toBe(kind);
});

test('an optional file that is emptied is left out', () => {
  const kernel = { kind: 'kernel', kernel: '/k', cmdline: '' } as const;
  expect(withBootFile(kernel, 'initrd', '/i')).toEqual({ ...kernel, initrd: '/i' });
  expect(withBootFile({ ...kernel, initrd: '/i', dtb: '/d' }, 'initrd', '')).toEqual({
    ...kernel,
    dtb: '/d',
  });
});
