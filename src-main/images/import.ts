// A user's image becomes a VM's own disk: unpacked, examined, then copied or converted; nothing is left when it fails.
import { constants, copyFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../contract/fault.ts';
import { syncDirectory, temporarySuffix } from '../lib/atomic-write.ts';
import { imageRefused } from '../qemu/file-faults.ts';
import { copyImage, type DiskFormat, inspectImage } from '../qemu/image.ts';
import { readImageHeader } from '../qemu/image-header.ts';
import { type ChainImage, describeChain } from '../qemu/image-source.ts';
import { measureChain } from '../qemu/image-upkeep.ts';
import { qemuImg } from '../qemu/qemu-img.ts';
import { makeWhole } from '../qemu/whole-file.ts';
import { isArchive, packingOf, unpack } from './packed.ts';
import { requireRoom } from './room.ts';

export interface ImportOptions {
  imgPath: string;
  /** Of the disk that comes to be. */
  format: DiskFormat;
  signal?: AbortSignal | undefined;
  /** Percent of the step under way, 0 to 100. */
  onProgress?: ((percent: number) => void) | undefined;
  /** A step begins: what it does, in a few words. */
  onStep?: ((title: string) => void) | undefined;
}

/**
 * Makes the disk `to` from the image `from`, of any format that Armoire takes and perhaps packed. Throws `Fault`
 * image-refused, file-unusable (missing, damaged, in use), disk-full, conflict, cancelled; nothing is left then.
 */
export async function importImage(from: string, to: string, options: ImportOptions): Promise<void> {
  const packing = await packingOf(from);
  if (packing === null) {
    const image = await examine(from, options.imgPath);
    options.onStep?.(`Copying ${path.basename(from)}`);
    return takeOver(image, to, options);
  }
  const { signal, onProgress, onStep } = options;
  const unpacked = `${to}.unpacked${temporarySuffix}`;
  await rm(unpacked, { force: true });
  try {
    onStep?.(`Unpacking ${path.basename(from)}`);
    await unpack(from, unpacked, { packing, signal, onProgress });
    await refuseArchive(unpacked, from);
    const image = await examine(unpacked, options.imgPath);
    if (image.format === options.format) return await settle(unpacked, to);
    onStep?.(`Converting ${path.basename(from)}`);
    await takeOver(image, to, options);
  } catch (error) {
    throw aboutTheOriginal(error, unpacked, from);
  } finally {
    await rm(unpacked, { force: true });
  }
}

interface Examined extends ChainImage {
  /** As the guest sees it. */
  virtualBytes: number;
}

/** Throws `Fault` image-refused for one that would make QEMU open other files, file-unusable for one that is damaged. */
async function examine(file: string, imgPath: string): Promise<Examined> {
  const { format, refusals, virtualSizeBytes } = await inspectImage(file, imgPath);
  if (refusals.length > 0) throw imageRefused(file, refusals);
  return { path: file, format, virtualBytes: virtualSizeBytes };
}

async function takeOver(image: Examined, to: string, options: ImportOptions): Promise<void> {
  if (image.format === options.format) return copyBytes(image.path, to, options);
  const { imgPath, signal, onProgress } = options;
  // What it really takes is asked only where all of it might not fit: that needs a look at the whole image.
  await requireRoom(path.dirname(to), image.virtualBytes).catch(async () =>
    requireRoom(path.dirname(to), await measureChain([image], options)),
  );
  await copyImage(image.path, to, {
    format: image.format,
    targetFormat: options.format,
    imgPath,
    signal,
    onProgress,
  });
}

/**
 * The file as it is: what a qcow2 holds compressed stays so. Blocks are shared where the file system can; else qemu-img
 * copies, which knows where holes are without reading them. Both refuse a file that a running machine writes to.
 */
async function copyBytes(from: string, to: string, options: ImportOptions): Promise<void> {
  const { imgPath, signal, onProgress } = options;
  const asBytes = describeChain([{ path: from, format: 'raw' }]);
  const run = { imgPath, image: from, signal };
  await makeWhole(to, async (temporary) => {
    if (await sharesBlocks(from, temporary)) return qemuImg(['info', asBytes], run);
    const { allocatedBytes } = await readImageHeader(from);
    await requireRoom(path.dirname(to), allocatedBytes);
    return qemuImg(['convert', '-p', '-O', 'raw', asBytes, temporary], { ...run, onProgress });
  });
}

function sharesBlocks(from: string, to: string): Promise<boolean> {
  return copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    async () => {
      await rm(to, { force: true });
      return false;
    },
  );
}

/** Already whole and on disk. */
async function settle(unpacked: string, to: string): Promise<void> {
  await rename(unpacked, to);
  await syncDirectory(path.dirname(to));
}

async function refuseArchive(unpacked: string, from: string): Promise<void> {
  const packedAgain = (await packingOf(unpacked)) !== null;
  if (!packedAgain && !(await isArchive(unpacked))) return;
  throw new Fault({
    code: 'file-unusable',
    message: `${path.basename(from)} holds ${packedAgain ? 'something that is packed once more' : 'an archive of files'}, not a disk image.`,
    remedy: 'Unpack it, and take the disk image that is in it.',
  });
}

/** The user knows nothing of the file in between. */
function aboutTheOriginal(error: unknown, unpacked: string, from: string): unknown {
  if (!(error instanceof Fault)) return error;
  const message = error.message.replaceAll(unpacked, from);
  return message === error.message ? error : new Fault({ ...error.data, message }, { cause: error });
}
