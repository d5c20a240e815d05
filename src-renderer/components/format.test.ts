// Numbers as words.
import { describe, expect, test } from 'vitest';
import { count, formatBytes, formatMiB, formatMoment, formatSpan } from './format.ts';

describe('formatBytes', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [1048576, '1 MiB'],
    [1073741823, '1 GiB'],
    [157286400, '150 MiB'],
    [104_752_742, '99.9 MiB'],
    [5.5 * 2 ** 40, '5.5 TiB'],
    [3 * 2 ** 60, '3072 PiB'],
  ])('%d is %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  test('memory is given in MiB', () => {
    expect([512, 2048, 1536].map(formatMiB)).toEqual(['512 MiB', '2 GiB', '1.5 GiB']);
  });
});

describe('formatSpan', () => {
  test.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [11_100_000, '3 h 5 min'],
    [187_200_000, '2 d 4 h'],
  ])('%d ms is %s', (ms, words) => {
    expect(formatSpan(ms)).toBe(words);
  });
});

test('a moment that is none is shown as it came', () => {
  expect(formatMoment('yesterday')).toBe('yesterday');
});

test('one is one, all else is many', () => {
  expect([count(1, 'file'), count(0, 'file'), count(2, 'vCPU')]).toEqual(['1 file', '0 files', '2 vCPUs']);
});
