// The map for a reader: names, what QEMU makes of each range, and QEMU's own ranges put together again.
import { describe, expect, it } from 'vitest';
import { hexOf, type MadeRange, madeMap, treeMap } from './board-map.ts';
import { readDeviceTree } from './device-tree.ts';
import { makeDtb, type TreeSpec } from './fixtures/dtb.ts';

const range = (start: number, end: number, name: string, changes: Partial<MadeRange> = {}): MadeRange => ({
  name,
  kind: 'device',
  start: BigInt(start),
  end: BigInt(end),
  offset: 0n,
  placeholder: false,
  ...changes,
});

const board: TreeSpec = {
  '#address-cells': [1],
  '#size-cells': [1],
  'memory@40000000': { device_type: 'memory', reg: [0x40000000, 0x1000000] },
  'uart@1000': { compatible: 'arm,pl011', reg: [0x1000, 0x100] },
  'gic@2000': { reg: [0x2000, 0x100, 0x3000, 0x100], 'reg-names': 'dist\0cpu' },
  'flash@0': { compatible: 'cfi-flash', reg: [0, 0x100, 0x100, 0x100] },
  'reserved-memory': {
    '#address-cells': [1],
    '#size-cells': [1],
    ranges: [],
    'firmware@40000000': { reg: [0x40000000, 0x1000] },
  },
};
const tree = readDeviceTree(makeDtb(board));

describe('the map of a device tree', () => {
  it('names several ranges of one node apart, and keeps reserved memory apart from RAM', () => {
    expect(treeMap(tree, undefined).map(({ name, kind, start }) => `${start} ${kind} ${name}`)).toEqual([
      '0x00000000 flash flash@0 #0',
      '0x00000100 flash flash@0 #1',
      '0x00001000 device uart@1000',
      '0x00002000 device gic@2000 dist',
      '0x00003000 device gic@2000 cpu',
      '0x40000000 reserved firmware@40000000',
      '0x40000000 ram memory@40000000',
    ]);
  });

  it('says of each range whether QEMU makes it, fakes it, or has nothing there', () => {
    const ranges = [
      range(0x1000, 0x100f, 'pl011'),
      range(0x1010, 0x1fff, 'rest', { placeholder: true }),
      range(0x2000, 0x20ff, 'gic', { placeholder: true }),
      range(0x40000000, 0x40ffffff, 'ram', { kind: 'ram' }),
    ];
    const made = Object.fromEntries(treeMap(tree, ranges).map(({ name, made }) => [name, made]));
    expect(made).toMatchObject({
      'uart@1000': 'yes',
      'gic@2000 dist': 'placeholder',
      'gic@2000 cpu': 'no',
      'memory@40000000': 'yes',
    });
  });

  it('doubts nothing when QEMU could not be asked', () => {
    expect(treeMap(tree, undefined).every(({ made }) => made === 'yes')).toBe(true);
  });
});

describe('QEMU’s own map', () => {
  it('joins what devices lie over, and keeps neighbours of one name apart', () => {
    const ranges = [
      range(0, 0xfff, 'ram', { kind: 'ram' }),
      range(0x1000, 0x10ff, 'usart'),
      range(0x1100, 0x11ff, 'usart'),
      range(0x1200, 0x1fff, 'ram', { kind: 'ram', offset: 0x1200n }),
    ];
    expect(madeMap(ranges).map(({ name, start, end }) => `${start}-${end} ${name}`)).toEqual([
      '0x00000000-0x00001fff ram',
      '0x00001000-0x000010ff usart',
      '0x00001100-0x000011ff usart',
    ]);
  });

  it('keeps two devices of one name apart that only look like pieces', () => {
    const ranges = [range(0x1000, 0x1fff, 'timer'), range(0x5000, 0x5fff, 'timer', { offset: 0x1000n })];
    expect(madeMap(ranges)).toHaveLength(2);
  });
});

it('addresses have at least eight digits, and as many as they need', () => {
  expect([0n, 0x9000000n, 0x8000000000n].map(hexOf)).toEqual(['0x00000000', '0x09000000', '0x8000000000']);
});
