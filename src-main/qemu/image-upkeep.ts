// What qemu-img does to a disk that exists already: another size, its bookkeeping checked, its room measured.
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { Fault } from '../contract/fault.ts';
import { fileFault } from './file-faults.ts';
import { readImageHeader } from './image-header.ts';
import { type ChainImage, checkChain, describeChain } from './image-source.ts';
import { allocatedBytes } from './layered-image.ts';
import { qemuImg } from './qemu-img.ts';
import { replaceWhole } from './whole-file.ts';

export interface UpkeepOptions {
  imgPath: string;
  signal?: AbortSignal | undefined;
}

/** Newest first; never empty. */
export type Chain = readonly [ChainImage, ...ChainImage[]];

/** As the guest sees it. Throws `Fault` file-unusable. */
export async function virtualSize([top]: Chain): Promise<number> {
  try {
    if (top.format === 'raw') return (await stat(top.path)).size;
  } catch (error) {
    throw fileFault(error, top.path);
  }
  return (await readImageHeader(top.path)).virtualSizeBytes ?? 0;
}

/** Only the newest file changes. Throws `Fault` image-refused, file-unusable (in use, damaged), disk-full. */
export async function resizeChain(
  chain: Chain,
  sizeBytes: number,
  { shrink, imgPath }: UpkeepOptions & { shrink: boolean },
): Promise<void> {
  await checkChain(chain);
  const args = ['resize', '-q', ...(shrink ? ['--shrink'] : []), describeChain(chain), String(sizeBytes)];
  await qemuImg(args, { imgPath, image: chain[0].path });
}

const measureOutput = z.object({ required: z.number() });

/** Bytes that a copy takes. Asked as for qcow2: of raw qemu-img tells the size with all holes. */
export async function measureChain(chain: Chain, { imgPath, signal }: UpkeepOptions): Promise<number> {
  await checkChain(chain);
  const args = ['measure', '--output=json', '-O', 'qcow2', describeChain(chain)];
  const printed = await qemuImg(args, { imgPath, image: chain[0].path, signal });
  return measureOutput.parse(JSON.parse(printed)).required;
}

/** A header has room for no longer name of what it builds on (QEMU docs/interop/qcow2.txt). */
const longestBackingName = 1023;

const infoOutput = z.object({ snapshots: z.array(z.unknown()).optional() });

/** Snapshots inside of the image: a rewrite would lose them. Throws `Fault` wrong-state. */
async function refuseInternalSnapshots([top]: Chain, { imgPath, signal }: UpkeepOptions): Promise<void> {
  // `info` opens nothing that an image builds on, and refuses to be told.
  const args = ['info', '--output=json', '-f', top.format, top.path];
  const info = infoOutput.parse(JSON.parse(await qemuImg(args, { imgPath, image: top.path, signal })));
  if ((info.snapshots ?? []).length === 0) return;
  throw new Fault({
    code: 'wrong-state',
    message: 'The image holds snapshots of its own, which would be lost.',
    remedy: 'Leave it as it is, or convert the disk: the old image is kept then.',
  });
}

/**
 * Writes the newest file anew, without blocks of zeros and without what was given back inside of it; what it builds on
 * stays apart. Resolves to the bytes that came free. Throws `Fault` wrong-state, disk-full, file-unusable, cancelled;
 * then the file is the old one.
 */
export async function compactNewest(
  chain: Chain,
  options: UpkeepOptions & { onProgress?: (percent: number) => void },
): Promise<number> {
  const { imgPath, signal, onProgress } = options;
  const [top, ...below] = chain;
  await checkChain(chain);
  await refuseInternalSnapshots(chain, options);
  const before = await allocatedBytes(top.path);
  let freed = 0;
  await replaceWhole(top.path, async (temporary) => {
    const args = [
      'convert',
      '-p',
      '-O',
      top.format,
      ...rewriteOptions(top, below),
      describeChain(chain),
      temporary,
    ];
    await qemuImg(args, { imgPath, image: top.path, signal, onProgress });
    freed = before - (await allocatedBytes(temporary));
    return freed > 0;
  });
  return Math.max(0, freed);
}

function rewriteOptions(top: ChainImage, below: readonly ChainImage[]): string[] {
  if (below.length === 0) return top.format === 'qcow2' ? ['-o', 'cluster_size=65536'] : [];
  const backing = describeChain(below);
  if (backing.length > longestBackingName) {
    throw new Fault({
      code: 'unsupported',
      message: 'The disk builds on too many snapshots to be compacted.',
      remedy: 'Delete some of the snapshots first.',
    });
  }
  return ['-o', 'cluster_size=65536,extended_l2=on', '-B', backing, '-F', below[0]?.format ?? 'qcow2'];
}

const checkOutput = z.object({
  'check-errors': z.number().default(0),
  leaks: z.number().default(0),
  corruptions: z.number().default(0),
  'leaks-fixed': z.number().default(0),
  'corruptions-fixed': z.number().default(0),
});

export interface ChainCheck {
  leaks: number;
  corruptions: number;
  repaired: number;
}

/** qemu-img check: 2 corruptions remain, 3 leaks remain. */
const foundSomething = [2, 3];

/** Of the newest file; raw has no bookkeeping. Throws `Fault` image-refused, file-unusable. */
export async function checkNewest(
  chain: Chain,
  { repair, imgPath, signal }: UpkeepOptions & { repair: boolean },
): Promise<ChainCheck> {
  await checkChain(chain);
  if (chain[0].format === 'raw') return { leaks: 0, corruptions: 0, repaired: 0 };
  const args = ['check', '--output=json', ...(repair ? ['-r', 'all'] : []), describeChain(chain)];
  const run = { imgPath, image: chain[0].path, signal, answers: foundSomething };
  const found = checkOutput.parse(JSON.parse(await qemuImg(args, run)));
  return {
    leaks: found.leaks,
    corruptions: found.corruptions + found['check-errors'],
    repaired: found['leaks-fixed'] + found['corruptions-fixed'],
  };
}
