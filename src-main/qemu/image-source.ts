// How an image is named to qemu-img: every file that it may open, said in full; what a header names is never followed.
import path from 'node:path';
import { Fault } from '../contract/fault.ts';
import type { DiskImageInfo } from '../contract/image.ts';
import type { Json } from '../contract/json.ts';
import { imageRefused } from './file-faults.ts';
import { readImageHeader } from './image-header.ts';

export type ImageFormat = DiskImageInfo['format'];

/** One of the files that make up a disk. */
export interface ChainImage {
  path: string;
  format: ImageFormat;
}

/** Formats whose header could name a backing file. */
const mayHaveBacking: readonly ImageFormat[] = ['qcow2', 'qcow', 'qed', 'vmdk'];

/** Newest first, as `blockdev-add` takes it; QEMU opens what an image builds on read-only. */
export function chainNode([top, ...below]: readonly ChainImage[]): { [key: string]: Json } {
  if (!top) throw new Error('a disk without a file');
  const backing = below.length > 0 ? chainNode(below) : null;
  return {
    driver: top.format,
    ...(mayHaveBacking.includes(top.format) ? { backing } : {}),
    file: { driver: 'file', filename: path.resolve(top.path) },
  };
}

/** Newest first. What qemu-img takes in the place of a file name. */
export function describeChain(chain: readonly ChainImage[]): string {
  return `json:${JSON.stringify(chainNode(chain))}`;
}

/**
 * An image that stands alone is what it is said to be, and makes nobody open another file.
 * Throws `Fault` file-unusable, image-refused.
 */
export async function checkSource(file: string, format: ImageFormat): Promise<void> {
  const header = await readImageHeader(file);
  // Any file can be taken as raw: its bytes are then the disk.
  if (format === 'raw') return;
  if (header.format !== format) {
    throw new Fault({
      code: 'file-unusable',
      message: `${file} is not in the format ${format}; it looks like ${header.format}.`,
      remedy: 'Choose the format that it really has.',
    });
  }
  if (header.refusals.length > 0) throw imageRefused(file, header.refusals);
}

/**
 * Looks at the headers of a disk's files before qemu-img opens them. The layers above the lowest were made here, and
 * what they build on is told, not read. Throws `Fault` file-unusable, image-refused.
 */
export async function checkChain(chain: readonly ChainImage[]): Promise<void> {
  const lowest = chain.at(-1);
  for (const { path: file } of chain.slice(0, -1)) await readImageHeader(file);
  if (lowest && chain.length === 1) await checkSource(lowest.path, lowest.format);
  else if (lowest) await readImageHeader(lowest.path);
}
