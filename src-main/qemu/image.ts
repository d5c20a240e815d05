// Disk images through qemu-img: inspected before anything opens them, created, copied.
import path from 'node:path';
import { z } from 'zod';
import { Fault } from '../contract/fault.ts';
import type { DiskImageInfo } from '../contract/image.ts';
import { createFileMemo } from '../lib/file-memo.ts';
import { fileFault } from './file-faults.ts';
import { type ImageHeader, largestVirtualBytes, readImageHeader } from './image-header.ts';
import { type ChainImage, checkChain, describeChain } from './image-source.ts';
import { qemuImg } from './qemu-img.ts';
import { makeWhole } from './whole-file.ts';

export type DiskFormat = 'qcow2' | 'raw';

const infoOutput = z.object({
  'virtual-size': z.number(),
  'backing-filename': z.string().optional(),
  'format-specific': z
    .object({ data: z.looseObject({ 'data-file': z.string().optional() }).optional() })
    .optional(),
});

/** What qemu-img saw and the header did not show: a second net below the first. */
function lateRefusals(info: z.infer<typeof infoOutput>): string[] {
  const refusals: string[] = [];
  if (info['backing-filename'] !== undefined)
    refusals.push('it is based on another file, which QEMU would open too');
  if (info['format-specific']?.data?.['data-file'] !== undefined) {
    refusals.push('it keeps its data in another file, which QEMU would open and write to');
  }
  if (info['virtual-size'] > largestVirtualBytes) {
    refusals.push('it claims to be a disk of more than 16 TiB, and Armoire takes at most that');
  }
  return refusals;
}

function described(header: ImageHeader): DiskImageInfo {
  const { format, virtualSizeBytes, fileBytes, allocatedBytes, refusals, doubts } = header;
  return { format, virtualSizeBytes: virtualSizeBytes ?? fileBytes, allocatedBytes, refusals, doubts };
}

/** qemu-img takes a while to start, and an image is looked at again with every answer that a wizard is given. */
const seen = createFileMemo<z.infer<typeof infoOutput>>();

/**
 * What an image is and whether it is safe. Its header is read first; only an image without refusals is shown to
 * qemu-img, which is told the format and so never guesses. Works on an image that a running machine has open.
 * Throws `Fault` file-unusable when the file cannot be read, or qemu-img says that it is damaged.
 * @param imgPath left out: the header alone speaks
 */
export async function inspectImage(image: string, imgPath?: string): Promise<DiskImageInfo> {
  const file = path.resolve(image);
  const header = await readImageHeader(file);
  const known = described(header);
  if (imgPath === undefined || known.refusals.length > 0 || known.format === 'raw') return known;
  const ask = async () => {
    const args = ['info', '--output=json', '-U', '-f', known.format, file];
    return infoOutput.parse(JSON.parse(await qemuImg(args, { imgPath, image: file })));
  };
  const info = await seen.of(file, `${known.format} ${imgPath}`, ask).catch((error: unknown) => {
    throw fileFault(error, file);
  });
  return { ...known, virtualSizeBytes: info['virtual-size'], refusals: lateRefusals(info) };
}

const settledOptions: Record<DiskFormat, readonly string[]> = {
  // Sub-clusters (extended_l2) pay for overlays on a full base; a fresh image is quicker without them.
  qcow2: ['-o', 'cluster_size=65536'],
  raw: [],
};

/** A new empty image, sparse. `sizeBytes`: as the guest sees it. Throws `Fault` conflict, disk-full, bad-input. */
export async function createDisk(
  target: string,
  sizeBytes: number,
  { format, imgPath }: { format: DiskFormat; imgPath: string },
): Promise<void> {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 1 || sizeBytes > largestVirtualBytes) {
    throw new Fault({
      code: 'bad-input',
      message: `A disk cannot have ${sizeBytes} bytes.`,
      remedy: 'Choose a size of at most 16 TiB.',
    });
  }
  await makeWhole(path.resolve(target), (temporary) =>
    qemuImg(['create', '-q', '-f', format, ...settledOptions[format], temporary, String(sizeBytes)], {
      imgPath,
      image: target,
    }),
  );
}

export interface CopyOptions {
  imgPath: string;
  /** Of the source; never guessed. */
  format: DiskImageInfo['format'];
  /** Of the copy; the source's where left out and possible, else qcow2. */
  targetFormat?: DiskFormat;
  /** Percent, 0 to 100. */
  onProgress?: ((percent: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Copies an image into a new, self-contained one that takes no more room than its data. Throws `Fault` image-refused,
 * file-unusable (in use, damaged), disk-full, conflict, cancelled; nothing of the copy is left then.
 */
export async function copyImage(from: string, to: string, options: CopyOptions): Promise<void> {
  const source = path.resolve(from);
  await copyChain([{ path: source, format: options.format }], to, options);
}

/** As `copyImage`, of a disk that is made of several files: newest first. */
export async function copyChain(
  chain: readonly ChainImage[],
  to: string,
  { imgPath, onProgress, signal, targetFormat: wanted }: Omit<CopyOptions, 'format'>,
): Promise<void> {
  const [top] = chain;
  if (!top) throw new Error('a disk without a file');
  const targetFormat = wanted ?? (top.format === 'raw' ? 'raw' : 'qcow2');
  await checkChain(chain);
  const args = ['convert', '-p', '-O', targetFormat, ...settledOptions[targetFormat]];
  await makeWhole(path.resolve(to), (temporary) =>
    qemuImg([...args, describeChain(chain), temporary], { imgPath, image: top.path, signal, onProgress }),
  );
}
