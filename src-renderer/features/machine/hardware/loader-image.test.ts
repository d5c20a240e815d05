// The optional parts of a loaded file.
import { expect, test } from 'vitest';
import { withLoaderCore, withLoaderPlace } from './loader-image.ts';

const image = { file: '/a.bin', address: '0x40000000', core: 1 };

test('what is emptied is left out', () => {
  expect(withLoaderPlace(image, '')).toEqual({ file: '/a.bin', core: 1 });
  expect(withLoaderCore(image, ' ')).toEqual({ file: '/a.bin', address: '0x40000000' });
});

test('what is typed is set, unless it is no core', () => {
  expect(withLoaderPlace(image, '0x1').address).toBe('0x1');
  expect(withLoaderCore(image, '3').core).toBe(3);
  expect(withLoaderCore(image, 'x')).toBe(image);
});
