import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { formatSize, parseSize } from './size.ts';

describe('parseSize', () => {
  it.each([
    ['20G', 20 * 1024 ** 3],
    ['20g', 20 * 1024 ** 3],
    ['20 GiB', 20 * 1024 ** 3],
    ['1.5G', 1.5 * 1024 ** 3],
    ['512M', 512 * 1024 ** 2],
    ['64k', 65536],
    ['2T', 2 * 1024 ** 4],
    ['1048576', 1048576],
    ['1048577', 1048576 + 512],
  ])('%s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '0', '0G', 'G', '-1G', '+5G', '20GB', '20 gigs', '1e3', '1,5G', '9000000P'])(
    'refuses %j',
    (text) => {
      expect(() => parseSize(text)).toThrow(InvalidArgumentError);
    },
  );
});

describe('formatSize', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [1536, '1.5 KiB'],
    [196_608, '192 KiB'],
    [20 * 1024 ** 3, '20 GiB'],
    [57_042_534, '54.4 MiB'],
    [1023.9 * 1024 ** 2, '1024 MiB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});
