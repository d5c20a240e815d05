// A saved memory under a guest's RAM: QEMU maps the file, reads a page when the guest touches it, and keeps apart what the
// guest writes. So the start takes as long for much memory as for little, and guests of one memory share it.
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { qemuImg } from './qemu-img.ts';

/** A block of RAM in a file of the form `mapped-ram` (QEMU docs/devel/migration/mapped-ram.rst); bytes throughout. */
export interface RamBlock {
  /** QEMU's name of it: `mach-virt.ram`, `virt.flash0`. */
  id: string;
  sizeBytes: number;
  pageBytes: number;
  /** One bit for each page, set for those that hold something; others are zero, whatever the file has there. */
  bitmapOffset: number;
  pagesOffset: number;
}

/** RAM that begins as this block of the file. */
export interface MappedRam extends RamBlock {
  file: string;
}

const headBytes = 4096;
/** A section's beginning: the handler's name, its instance 0 and version 4 (migration/ram.c, `savevm_ram_handlers`). */
const ramSection = Buffer.from('\x03ram\0\0\0\0\0\0\0\x04', 'latin1');
/** The lower bits of the total are flags (`RAM_SAVE_FLAG_MEM_SIZE`). */
const flagBits = 0xfffn;
const mappedVersion = 1;
const longestName = 255;
/** Behind the name: the size, and `MappedRamHeader`: version, page size, offsets of bitmap and pages. */
const fieldBytes = 8 + 4 + 3 * 8;
/** Begins with the length of the name. */
const blockBytes = 1 + longestName + fieldBytes;

/** undefined: the file is not of that form, or of a version that is not known here. */
export async function readRamBlocks(file: FileHandle): Promise<RamBlock[] | undefined> {
  const head = await bytesAt(file, 0, headBytes);
  const section = head.indexOf(ramSection);
  if (head.toString('latin1', 0, 4) !== 'QEVM' || section === -1) return undefined;
  let at = section + ramSection.length + 8;
  if (at > head.length) return undefined;
  const total = Number(head.readBigUInt64BE(at - 8) & ~flagBits);
  const blocks: RamBlock[] = [];
  for (let seen = 0; seen < total; ) {
    const block = parseBlock(await bytesAt(file, at, blockBytes));
    if (block === undefined) return undefined;
    blocks.push(block);
    seen += block.sizeBytes;
    at = block.pagesOffset + block.sizeBytes;
  }
  return blocks;
}

function parseBlock(bytes: Buffer): RamBlock | undefined {
  const nameEnd = 1 + (bytes[0] ?? 0);
  if (bytes.length < nameEnd + fieldBytes || bytes.readUInt32BE(nameEnd + 8) !== mappedVersion)
    return undefined;
  const number = (at: number) => Number(bytes.readBigUInt64BE(nameEnd + at));
  const block = {
    id: bytes.toString('latin1', 1, nameEnd),
    sizeBytes: number(0),
    pageBytes: number(12),
    bitmapOffset: number(20),
    pagesOffset: number(28),
  };
  return block.sizeBytes > 0 && block.pageBytes > 0 && block.pagesOffset > block.bitmapOffset
    ? block
    : undefined;
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** Other boards are left out: some write to their memory before it is loaded, which a mapped one would keep. */
export const canMapRam = ({ machine }: { machine: string }): boolean => /^virt(-\d|$)/.test(machine);

/**
 * The main memory of a `virt` of `memoryMiB`, as it lies in `file`; undefined where it cannot be mapped: then it is loaded.
 * In a file that is still being written it lies where it will, as soon as this tells of it.
 */
export async function mappableRam(
  file: string,
  { machine, memoryMiB }: { machine: string; memoryMiB: number },
): Promise<MappedRam | undefined> {
  if (!canMapRam({ machine })) return undefined;
  const handle = await open(file, 'r');
  try {
    const block = (await readRamBlocks(handle))?.find(({ id }) => id === 'mach-virt.ram');
    if (block?.sizeBytes !== memoryMiB * 1024 ** 2) return undefined;
    // QEMU maps nothing beyond the end of a file.
    if ((await handle.stat()).size < block.pagesOffset + block.sizeBytes) return undefined;
    return { ...block, file };
  } finally {
    await handle.close();
  }
}

export interface RestOptions {
  ram: MappedRam;
  /** Must not exist. */
  target: string;
  imgPath: string;
}

/** A file system that cannot tell its holes shows every page that is zero as something older. */
const staleAtMost = 1 / 16;

/**
 * Writes what a QEMU still has to load that has mapped `ram`: the devices, other memory, and the pages of the RAM that
 * were zero in the end although the file has something older there. Resolves to false, with nothing written, where
 * those are so many that mapping would be no gain. Throws the system's error, Fault `qemu-failed`.
 */
export async function writeRest({ ram, target, imgPath }: RestOptions): Promise<boolean> {
  const extents = await dataExtents(ram.file, imgPath);
  const source = await open(ram.file, 'r');
  try {
    const bitmapBytes = Math.ceil(ram.sizeBytes / ram.pageBytes / 8);
    const stale = stalePages(ram, await bytesAt(source, ram.bitmapOffset, bitmapBytes), extents);
    if (stale.pages * ram.pageBytes > ram.sizeBytes * staleAtMost) return false;
    const copy = await open(target, 'wx', 0o600);
    try {
      await copy.truncate((await source.stat()).size);
      const end = ram.pagesOffset + ram.sizeBytes;
      for (const extent of extents) {
        await copyPart(source, copy, extent.start, Math.min(extent.end, ram.pagesOffset));
        await copyPart(source, copy, Math.max(extent.start, end), extent.end);
      }
      await writeAt(copy, stale.bitmap, ram.bitmapOffset);
      return true;
    } finally {
      await copy.close();
    }
  } finally {
    await source.close();
  }
}

export interface Extent {
  /** Bytes in the file; the end is the first one behind. */
  start: number;
  end: number;
}

/** The pages that must be loaded as zeros: not set in `bitmap`, and yet not a hole in the file. */
export function stalePages(
  block: RamBlock,
  bitmap: Buffer,
  extents: readonly Extent[],
): { bitmap: Buffer; pages: number } {
  const stale = Buffer.alloc(bitmap.length);
  let count = 0;
  const pages = block.sizeBytes / block.pageBytes;
  for (const { start, end } of extents) {
    const first = Math.max(0, Math.floor((start - block.pagesOffset) / block.pageBytes));
    const behind = Math.min(pages, Math.ceil((end - block.pagesOffset) / block.pageBytes));
    for (let page = first; page < behind; page++) {
      const bit = 1 << (page & 7);
      const [set = 0, noted = 0] = [bitmap[page >> 3], stale[page >> 3]];
      if (((set | noted) & bit) !== 0) continue;
      stale[page >> 3] = noted | bit;
      count += 1;
    }
  }
  return { bitmap: stale, pages: count };
}

const mapOutput = z.array(z.object({ start: z.number(), length: z.number(), data: z.boolean() }));

/** What of the file is not a hole. */
async function dataExtents(file: string, imgPath: string): Promise<Extent[]> {
  const words = ['map', '-U', '--output=json', '-f', 'raw', file];
  const output = mapOutput.parse(JSON.parse(await qemuImg(words, { imgPath, image: file })));
  return output.flatMap(({ start, length, data }) => (data ? [{ start, end: start + length }] : []));
}

const chunkBytes = 1024 ** 2;

async function copyPart(source: FileHandle, copy: FileHandle, start: number, end: number): Promise<void> {
  for (let at = start; at < end; at += chunkBytes) {
    const chunk = await bytesAt(source, at, Math.min(chunkBytes, end - at));
    await writeAt(copy, chunk, at);
  }
}

/** A full disk may take a part, and tell only of the next one. */
async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
