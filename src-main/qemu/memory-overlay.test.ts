import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mappableRam, type RamBlock, readRamBlocks, stalePages } from './memory-overlay.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'armoire-overlay-'));
});
afterAll(() => rm(directory, { recursive: true }));

const MiB = 1024 ** 2;

interface Block {
  id: string;
  sizeBytes: number;
  version?: number;
}

/** The beginning of a file as QEMU 10.0 writes it, and the blocks each at the next MiB. */
async function memoryFile(blocks: readonly Block[], section = '\x03ram'): Promise<string> {
  const total = blocks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const totalField = Buffer.alloc(8);
  totalField.writeBigUInt64BE(BigInt(total) | 4n);
  const start = Buffer.concat([
    Buffer.from('QEVM\0\0\0\x03\x07\0\0\0\x09virt-10.0\x01\0\0\0\x01', 'latin1'),
    Buffer.from(`${section}\0\0\0\0\0\0\0\x04`, 'latin1'),
    totalField,
  ]);
  const parts: Buffer[] = [start];
  let at = start.length;
  for (const { id, sizeBytes, version = 1 } of blocks) {
    const header = Buffer.alloc(1 + id.length + 36);
    header.writeUInt8(id.length);
    header.write(id, 1, 'latin1');
    const fields = 1 + id.length;
    const bitmapOffset = at + header.length;
    const pagesOffset = Math.ceil((bitmapOffset + sizeBytes / 4096 / 8) / MiB) * MiB;
    header.writeBigUInt64BE(BigInt(sizeBytes), fields);
    header.writeUInt32BE(version, fields + 8);
    header.writeBigUInt64BE(4096n, fields + 12);
    header.writeBigUInt64BE(BigInt(bitmapOffset), fields + 20);
    header.writeBigUInt64BE(BigInt(pagesOffset), fields + 28);
    parts.push(header, Buffer.alloc(pagesOffset - bitmapOffset + sizeBytes));
    at = pagesOffset + sizeBytes;
  }
  const file = path.join(directory, `${Math.random()}`);
  await writeFile(file, Buffer.concat(parts));
  return file;
}

async function cutOff(blocks: readonly Block[], bytes: number): Promise<string> {
  const file = await memoryFile(blocks);
  await truncate(file, bytes);
  return file;
}

async function blocksOf(file: string): Promise<RamBlock[] | undefined> {
  const handle = await open(file, 'r');
  return readRamBlocks(handle).finally(() => handle.close());
}

const ram = { id: 'mach-virt.ram', sizeBytes: 2 * MiB };
const flash = { id: 'virt.flash0', sizeBytes: MiB };

describe('the blocks of a saved memory', () => {
  it('are found one behind the other', async () => {
    expect(await blocksOf(await memoryFile([ram, flash]))).toEqual([
      expect.objectContaining({ ...ram, pageBytes: 4096, pagesOffset: MiB }),
      expect.objectContaining({ ...flash, pagesOffset: 4 * MiB }),
    ]);
  });

  it.each([
    ['a version that is not known', () => memoryFile([{ ...ram, version: 2 }])],
    ['no section of memory', () => memoryFile([ram], '\x03rom')],
    ['a block of no size', () => memoryFile([{ ...ram, sizeBytes: 0 }, flash])],
    ['a file that is cut off', () => cutOff([ram, flash], 3 * MiB)],
  ])('are none for %s', async (_, make) => {
    expect(await blocksOf(await make())).toBeUndefined();
  });

  it('are none for a file of another kind, however short', async () => {
    const file = path.join(directory, 'other');
    for (const content of ['', 'QEVM', 'QEVM\x03ram\0\0\0\0\0\0\0\x04', 'x'.repeat(9000)]) {
      await writeFile(file, content);
      expect(await blocksOf(file)).toBeUndefined();
    }
  });
});

describe('the main memory', () => {
  it('is mapped on virt, as large as the machine has it', async () => {
    const file = await memoryFile([ram, flash]);
    const bitmapOffset = (await blocksOf(file))?.[0]?.bitmapOffset;
    const mapped = { ...ram, file, pageBytes: 4096, bitmapOffset, pagesOffset: MiB };
    expect(await mappableRam(file, { machine: 'virt-10.0', memoryMiB: 2 })).toEqual(mapped);
    expect(await mappableRam(file, { machine: 'virt', memoryMiB: 2 })).toEqual(mapped);
    expect(await mappableRam(file, { machine: 'virt-10.0', memoryMiB: 4 })).toBeUndefined();
    expect(await mappableRam(file, { machine: 'virtual', memoryMiB: 2 })).toBeUndefined();
    expect(await mappableRam(file, { machine: 'raspi3b', memoryMiB: 2 })).toBeUndefined();
  });
});

describe('pages that the file has in an older state', () => {
  const block: RamBlock = {
    id: 'r',
    sizeBytes: 16 * 4096,
    pageBytes: 4096,
    bitmapOffset: 0,
    pagesOffset: 0x10000,
  };
  const stale = (set: number[], ...extents: [number, number][]) => {
    const { bitmap, pages } = stalePages(
      block,
      Buffer.from(set),
      extents.map(([start, end]) => ({ start: block.pagesOffset + start, end: block.pagesOffset + end })),
    );
    const bits = [...bitmap].map((byte) => byte.toString(2)).join('');
    expect(bits.replaceAll('0', '')).toHaveLength(pages);
    return [...bitmap];
  };

  it('are those that are neither set nor a hole', () => {
    expect(stale([0b1101, 0], [0, 4 * 4096])).toEqual([0b10, 0]);
    expect(stale([0xff, 0xff], [0, 16 * 4096])).toEqual([0, 0]);
    expect(stale([0, 0])).toEqual([0, 0]);
  });

  it('include those that an extent only touches, and none outside of the block', () => {
    expect(stale([0, 0], [-9000, 1], [2 * 4096 - 1, 2 * 4096], [15 * 4096, 99 * 4096])).toEqual([0b11, 0x80]);
  });
});
