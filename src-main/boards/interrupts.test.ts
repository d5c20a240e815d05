// Interrupts from device trees: the numbers that a core sees, whoever the controller is, and trees that lead in a circle.
import { expect, it } from 'vitest';
import { readDeviceTree } from './device-tree.ts';
import { makeDtb, type TreeSpec } from './fixtures/dtb.ts';
import { interruptsByPath } from './interrupts.ts';

const gic: TreeSpec = {
  compatible: 'arm,gic-v3',
  'interrupt-controller': [],
  '#interrupt-cells': [3],
  phandle: [1],
};

const found = (tree: TreeSpec) => Object.fromEntries(interruptsByPath(readDeviceTree(makeDtb(tree))));

it('tells shared and private interrupts of the GIC by the number that the core sees', () => {
  const tree: TreeSpec = {
    'interrupt-parent': [1],
    intc: gic,
    uart: { interrupts: [0, 1, 4] },
    timer: { interrupts: [1, 13, 0xf08, 1, 14, 0xf01, 1, 11, 0] },
  };
  expect(found(tree)).toEqual({
    '/uart': ['SPI 1 (33), level high'],
    '/timer': ['PPI 13 (29), level low', 'PPI 14 (30), rising edge', 'PPI 11 (27)'],
  });
});

it('takes the nearest parent, and leaves other controllers’ cells as they are', () => {
  const tree: TreeSpec = {
    'interrupt-parent': [1],
    intc: gic,
    soc: {
      'interrupt-parent': [2],
      ic: { 'interrupt-controller': [], '#interrupt-cells': [2], phandle: [2] },
      dma: { interrupts: [1, 16, 1, 17] },
      own: { 'interrupt-parent': [1], interrupts: [0, 5, 2] },
    },
  };
  expect(found(tree)).toEqual({
    '/soc/dma': ['1 16', '1 17'],
    '/soc/own': ['SPI 5 (37), falling edge'],
  });
});

it('follows interrupts-extended to several controllers', () => {
  const tree: TreeSpec = {
    intc: gic,
    gpio: { 'interrupt-controller': [], '#interrupt-cells': [1], phandle: [2], 'interrupt-parent': [1] },
    key: { 'interrupts-extended': [2, 7, 1, 0, 9, 8], interrupts: [99] },
  };
  expect(found(tree)).toEqual({ '/key': ['7', 'SPI 9 (41), level low'] });
});

it('leaves out what names no controller, or has half a number of cells', () => {
  const tree: TreeSpec = {
    intc: gic,
    orphan: { interrupts: [0, 1, 4] },
    stray: { 'interrupt-parent': [77], interrupts: [0, 1, 4] },
    torn: { 'interrupt-parent': [1], interrupts: [0, 1, 4, 0, 2] },
  };
  expect(found(tree)).toEqual({ '/torn': ['SPI 1 (33), level high'] });
});

it('refuses controllers that lead in a circle, and takes one that is its own end', () => {
  const controller = (phandle: number, parent: number): TreeSpec => ({
    'interrupt-controller': [],
    '#interrupt-cells': [1],
    phandle: [phandle],
    'interrupt-parent': [parent],
  });
  expect(found({ alone: controller(1, 1) })).toEqual({});
  expect(() => found({ a: controller(1, 2), b: controller(2, 3), c: controller(3, 1) })).toThrow(
    expect.objectContaining({ data: expect.objectContaining({ code: 'damaged' }) }),
  );
  expect(() => found({ a: controller(1, 2), b: controller(2, 1) })).toThrow(/circle/);
});
