import { describe, expect, it } from 'vitest';
import { Fault } from '../contract/fault.ts';
import { readDeviceTree } from './device-tree.ts';
import { deviceTreeSource } from './device-tree-source.ts';
import { cells, makeDtb, type TreeSpec } from './fixtures/dtb.ts';
import { memoryMap } from './memory-map.ts';

/** A board with what makes translation hard: buses in buses, PCI, a bus that is not mapped. */
const board: TreeSpec = {
  '#address-cells': [2],
  '#size-cells': [2],
  compatible: 'linux,dummy-virt',
  'interrupt-parent': [0x8003],
  'dma-coherent': [],
  odd: new Uint8Array([1, 2, 3]),
  'memory@40000000': { device_type: 'memory', reg: [0, 0x40000000, 0, 0x20000000] },
  'pl011@9000000': { compatible: 'arm,pl011\0arm,primecell', reg: [0, 0x9000000, 0, 0x1000] },
  'flash@0': { compatible: 'cfi-flash', reg: [0, 0, 0, 0x4000000, 0, 0x4000000, 0, 0x4000000] },
  'platform-bus@c000000': {
    compatible: 'qemu,platform\0simple-bus',
    '#address-cells': [1],
    '#size-cells': [1],
    ranges: [0, 0, 0xc000000, 0x2000000],
    'watchdog@1000': { compatible: 'arm,sp805', reg: [0x1000, 0x100] },
    'inner@2000': {
      '#address-cells': [1],
      '#size-cells': [1],
      ranges: [0x100, 0x2000, 0x1000],
      'gadget@100': { reg: [0x180, 0x10] },
      'outside@9999': { reg: [0x99999, 0x10] },
    },
  },
  soc: {
    '#address-cells': [2],
    '#size-cells': [2],
    ranges: [],
    'rtc@9010000': { compatible: 'arm,pl031', reg: [0, 0x9010000, 0, 0x1000] },
  },
  'i2c@a000000': {
    reg: [0, 0xa000000, 0, 0x1000],
    '#address-cells': [1],
    '#size-cells': [0],
    'eeprom@50': { reg: [0x50] },
  },
  unmapped: { '#address-cells': [1], '#size-cells': [1], 'hidden@0': { reg: [0, 0x1000] } },
  'pcie@10000000': {
    device_type: 'pci',
    compatible: 'pci-host-ecam-generic',
    '#address-cells': [3],
    '#size-cells': [2],
    reg: [0x40, 0x10000000, 0, 0x10000000],
    ranges: [
      ...[0x1000000, 0, 0, 0, 0x3eff0000, 0, 0x10000],
      ...[0x2000000, 0, 0x10000000, 0, 0x10000000, 0, 0x2eff0000],
      ...[0x3000000, 0x80, 0, 0x80, 0, 0x80, 0],
    ],
  },
  cpus: { '#address-cells': [1], '#size-cells': [0], 'cpu@0': { device_type: 'cpu', reg: [0] } },
};

function reasonOf(bytes: Uint8Array): string {
  try {
    readDeviceTree(bytes);
    return 'read';
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.code).toBe('damaged');
    return error.message;
  }
}

/** The bytes with one 32-bit word replaced. */
function withWord(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(offset, value);
  return copy;
}

const small = makeDtb({ compatible: 'test', 'child@1': { reg: [1, 2] } });
const structureOf = (...values: number[]) => makeDtb({}, { structure: cells(...values) });

describe('readDeviceTree', () => {
  it('reads nodes, properties and reserved memory of both versions', () => {
    for (const version of [16, 17]) {
      const tree = readDeviceTree(makeDtb(board, { version, reserved: [[0x80000000, 0x1000]] }));
      expect(tree.version).toBe(version);
      expect(tree.reserved).toEqual([{ address: 0x80000000n, size: 0x1000n }]);
      expect(tree.root.name).toBe('');
      expect(tree.root.children.map(({ name }) => name)).toContain('pl011@9000000');
      expect([...tree.root.properties.keys()]).toContain('dma-coherent');
    }
  });

  it('reads a file with bytes behind its end', () => {
    const longer = new Uint8Array(small.length + 100);
    longer.set(small);
    expect(readDeviceTree(longer).root.children).toHaveLength(1);
  });

  it('skips NOP tokens', () => {
    expect(reasonOf(structureOf(4, 1, 0, 4, 2, 4, 9))).toBe('read');
  });

  it.each([
    ['nothing', new Uint8Array(), 'does not begin'],
    [
      'another file',
      new TextEncoder().encode('#!/bin/sh, and a good deal more text than forty bytes'),
      'does not begin',
    ],
    ['a header alone', small.subarray(0, 20), 'header is cut short'],
    ['half a file', small.subarray(0, small.length - 10), 'cut short'],
    ['a version of the future', withWord(withWord(small, 20, 18), 24, 18), 'version 18'],
    ['a version of the past', withWord(withWord(small, 20, 3), 24, 3), 'version 3'],
    ['a structure outside of the file', withWord(small, 8, 0x1000), 'outside of the file'],
    ['an unaligned structure', withWord(small, 8, 57), 'not aligned'],
    ['strings inside of the structure', withWord(small, 12, 60), 'overlap'],
    ['strings outside of the file', withWord(small, 12, 0x7fffffff), 'outside of the file'],
    ['a structure as long as the world', withWord(small, 36, 0xffffffff), 'overlap'],
    ['reservations outside of the file', withWord(small, 16, 0x7fffffff), 'outside of the file'],
    [
      'reservations without an end',
      withWord(small, 16, small.length - 8),
      'reservation block ends too early',
    ],
    ['an unknown token', structureOf(1, 0, 7, 2, 9), 'unknown token 0x7'],
    ['no end', structureOf(1, 0, 2), 'ends too early'],
    ['a node without an end', structureOf(1, 0, 9), 'never ends'],
    ['an end without a node', structureOf(2, 9), 'never began'],
    ['no nodes', structureOf(9), 'no nodes'],
    ['two roots', structureOf(1, 0, 2, 1, 0, 2, 9), 'two root nodes'],
    ['a property outside', structureOf(3, 0, 0, 9), 'outside of every node'],
    ['a property that is too long', structureOf(1, 0, 3, 0xffffff, 0, 2, 9), 'ends too early'],
    ['a property with a name from nowhere', structureOf(1, 0, 3, 0, 0xfffff, 2, 9), 'has no end'],
    ['a node name without an end', structureOf(1, 0x41414141), 'has no end'],
    ['nodes that never stop', structureOf(...Array.from({ length: 200 }, () => [1, 0]).flat()), 'too deeply'],
    ['megabytes', new Uint8Array(3 * 1024 * 1024), 'larger'],
  ])('refuses %s and says why', (_what, bytes, reason) => {
    expect(reasonOf(bytes)).toContain(reason);
  });

  it('ends, and throws nothing but a Fault, wherever the file is cut or changed', () => {
    const whole = makeDtb(board, { reserved: [[1, 2]] });
    const outcomes = new Set<string>();
    const read = (bytes: Uint8Array) => {
      try {
        const tree = readDeviceTree(bytes);
        outcomes.add(typeof deviceTreeSource(tree)).add(typeof memoryMap(tree));
      } catch (error) {
        outcomes.add(error instanceof Fault ? error.code : String(error));
      }
    };
    for (let end = 0; end < whole.length; end += 5) read(whole.subarray(0, end));
    // A fixed sequence (xorshift32): the same mutations in every run.
    let state = 2463534242;
    const random = (below: number) => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
    for (let round = 0; round < 1500; round++) {
      const copy = whole.slice();
      for (let change = 0; change <= round % 4; change++) {
        copy[random(copy.length)] = [0, 1, 2, 3, 9, 0x7f, 0x80, 0xff][random(8)] ?? 0;
      }
      read(copy);
    }
    expect([...outcomes].sort()).toEqual(['damaged', 'object', 'string']);
  }, 30_000);
});

describe('deviceTreeSource', () => {
  it('prints text, cells, bytes and flags as the compiler reads them', () => {
    const source = deviceTreeSource(
      readDeviceTree(
        makeDtb(
          {
            compatible: 'a,b\0c "d"',
            flag: [],
            reg: [0, 16],
            odd: new Uint8Array([0xde, 0xad, 0xbe]),
            'child@1': { status: 'okay' },
          },
          { reserved: [[0x1000, 0x200]] },
        ),
      ),
    );
    expect(source).toBe(
      [
        '/dts-v1/;',
        '',
        '/memreserve/ 0x1000 0x200;',
        '/ {',
        '\tcompatible = "a,b", "c \\"d\\"";',
        '\tflag;',
        '\treg = <0x0 0x10>;',
        '\todd = [de ad be];',
        '',
        '\tchild@1 {',
        '\t\tstatus = "okay";',
        '\t};',
        '};',
        '',
      ].join('\n'),
    );
  });
});

describe('memoryMap', () => {
  const regions = memoryMap(readDeviceTree(makeDtb(board)));
  const shown = regions.map(({ kind, label, address, size }) => [
    kind,
    label,
    address.toString(16),
    size.toString(16),
  ]);

  it('puts every range where the CPU sees it, the lowest first', () => {
    expect(shown).toEqual([
      ['flash', 'Flash memory', '0', '4000000'],
      ['flash', 'Flash memory', '4000000', '4000000'],
      ['device', 'UART (PL011)', '9000000', '1000'],
      ['device', 'Real-time clock (PL031)', '9010000', '1000'],
      ['device', 'i2c', 'a000000', '1000'],
      ['bus', 'Platform bus', 'c000000', '2000000'],
      ['device', 'Watchdog (SP805)', 'c001000', '100'],
      ['bus', 'inner', 'c002000', '1000'],
      ['device', 'gadget', 'c002080', '10'],
      ['bus', 'PCI memory window', '10000000', '2eff0000'],
      ['bus', 'PCI port window', '3eff0000', '10000'],
      ['ram', 'RAM', '40000000', '20000000'],
      ['device', 'PCI Express configuration space (ECAM)', '4010000000', '10000000'],
      ['bus', 'PCI memory window (64-bit)', '8000000000', '8000000000'],
    ]);
  });

  it('names the node of each range, and which of its ranges it is', () => {
    const flash = regions.filter(({ kind }) => kind === 'flash');
    expect(flash.map(({ path, index, compatible }) => [path, index, compatible])).toEqual([
      ['/flash@0', 0, ['cfi-flash']],
      ['/flash@0', 1, ['cfi-flash']],
    ]);
  });

  it('does not lose itself in absurd cell counts', () => {
    const tree = makeDtb({
      '#address-cells': [0xffffffff],
      '#size-cells': [0xffffffff],
      'a@0': { reg: [0, 1] },
    });
    expect(memoryMap(readDeviceTree(tree))).toEqual([]);
  });
});
