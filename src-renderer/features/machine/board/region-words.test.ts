import { expect, test } from 'vitest';
import type { MapRegion } from '../../../../src-main/contract/memory-map.ts';
import { matchesRegion } from './region-words.ts';

const uart: MapRegion = {
  start: '0x09000000',
  end: '0x09000fff',
  size: '0x00001000',
  name: 'pl011@9000000',
  label: 'UART (PL011)',
  kind: 'device',
  compatible: ['arm,pl011', 'arm,primecell'],
  interrupts: ['SPI 1 (33), level high'],
  path: '/pl011@9000000',
  made: 'yes',
};

test('a range is found by words about it, in any order and case', () => {
  expect(matchesRegion(uart, 'primecell UART')).toBe(true);
  expect(matchesRegion(uart, 'spi 1')).toBe(true);
  expect(matchesRegion(uart, 'uart gpio')).toBe(false);
  expect(matchesRegion(uart, '')).toBe(true);
});

test('a range is found by an address inside of it, not by one outside', () => {
  expect(matchesRegion(uart, '0x9000018')).toBe(true);
  expect(matchesRegion(uart, '0x09001000')).toBe(false);
});

test('what QEMU does not make is found by that', () => {
  expect(matchesRegion({ ...uart, made: 'placeholder' }, 'placeholder')).toBe(true);
  expect(matchesRegion(uart, 'placeholder')).toBe(false);
});
