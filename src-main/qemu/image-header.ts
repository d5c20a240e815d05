// What a disk image says of itself in its first bytes, read without QEMU: its format, its size, and what it would make QEMU open.
import { type FileHandle, open } from 'node:fs/promises';
import type { DiskImageInfo } from '../contract/image.ts';
import { fileFault, notAFile } from './file-faults.ts';
import { formatOf, type HeaderFacts, parseHeader } from './image-formats.ts';
import { vhdxHeader } from './image-vhdx.ts';

/** Header extensions of qcow2 and embedded descriptors of VMDK lie well within. */
const headBytes = 128 * 1024;
const footerBytes = 512;

/** The largest file of ext4 with 4 KiB blocks: an image that grows to more cannot be kept on most disks. */
export const largestVirtualBytes = 16 * 1024 ** 4;

export interface ImageHeader {
  format: DiskImageInfo['format'];
  /** null where it cannot be told: an image that is refused anyway. */
  virtualSizeBytes: number | null;
  fileBytes: number;
  allocatedBytes: number;
  refusals: string[];
  doubts: string[];
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function sizeRefusal({ virtualSizeBytes }: HeaderFacts): string[] {
  if (virtualSizeBytes === null || virtualSizeBytes <= largestVirtualBytes) return [];
  const tebibytes = Math.round(virtualSizeBytes / 1024 ** 4);
  return [`it claims to be a disk of ${tebibytes} TiB, and Armoire takes at most 16 TiB`];
}

/** Throws `Fault` file-unusable when the file is missing, not a regular file, or cannot be read. */
export async function readImageHeader(path: string): Promise<ImageHeader> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const facts = await file.stat();
    if (!facts.isFile()) throw notAFile(path, facts.isDirectory() ? 'directory' : 'device');
    const { size } = facts;
    const head = await readAt(file, 0, Math.min(size, headBytes));
    const foot = await readAt(file, Math.max(0, size - footerBytes), Math.min(size, footerBytes));
    const format = formatOf(head, foot);
    const header = format === 'vhdx' ? await vhdxHeader(file) : parseHeader(format, head, foot, size);
    return {
      ...header,
      format,
      fileBytes: size,
      // Blocks of stat(2) have 512 bytes whatever the file system's are.
      allocatedBytes: facts.blocks * 512,
      refusals: [...header.refusals, ...sizeRefusal(header)],
    };
  } catch (error) {
    throw fileFault(error, path);
  } finally {
    await file?.close();
  }
}

/** How many snapshots a qcow2 image holds inside of itself (QEMU docs/interop/qcow2.txt, nb_snapshots). */
export async function imageSnapshotCount(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const head = await readAt(file, 0, 72);
    return head.length === 72 && formatOf(head, Buffer.alloc(0)) === 'qcow2' ? head.readUInt32BE(60) : 0;
  } finally {
    await file.close();
  }
}
