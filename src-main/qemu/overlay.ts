// Empty images over others. Those of one size differ in nothing but the name of what they build on: qemu-img makes the first,
// and the next ones are written like it, which is twenty times as fast.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ChainImage, virtualBytes } from './layered-image.ts';
import { qemuImg } from './qemu-img.ts';
import { makeWhole } from './whole-file.ts';

/** Allocated clusters are told from holes by halves and eighths: small writes into an overlay stay small. */
const overlayOptions = 'cluster_size=65536,extended_l2=on';

export interface OverlaySpec {
  target: string;
  /** What it builds on, newest first. */
  chain: readonly ChainImage[];
  imgPath: string;
}

/** As large as what it builds on. Throws Fault `file-unusable`, `disk-full`, `conflict`. */
export async function createOverlay({ target, chain, imgPath }: OverlaySpec): Promise<void> {
  const [base] = chain;
  if (!base) throw new Error('an overlay builds on something');
  const sizeBytes = await virtualBytes(base);
  // A relative name in the header is for people who look at it with qemu-img, also when the library was moved.
  const name = path.relative(path.dirname(target), base.path);
  const kind = `${imgPath} ${base.format} ${sizeBytes}`;
  await makeWhole(target, async (temporary) => {
    const image = withName(patterns.get(kind), name);
    if (image) return writeFile(temporary, image, { flag: 'wx' });
    await qemuImg(
      // -u: what it builds on is not opened; a running QEMU may have it.
      [
        'create',
        '-q',
        '-u',
        '-f',
        'qcow2',
        '-o',
        overlayOptions,
        '-b',
        name,
        '-F',
        base.format,
        temporary,
        String(sizeBytes),
      ],
      { imgPath, image: target },
    );
    await keepPattern(kind, temporary);
  });
}

/** By kind, as qemu-img made them. */
const patterns = new Map<string, Buffer>();
const patternsKept = 16;
/** One of 10 TiB has less. */
const patternBytes = 1024 ** 2;

async function keepPattern(kind: string, file: string): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.length > patternBytes) return;
  if (patterns.size >= patternsKept) patterns.clear();
  patterns.set(kind, bytes);
}

/** Fields of a qcow2 header (QEMU docs/interop/qcow2.txt): where the name is, and its length. */
const nameOffsetField = 8;
const nameLengthField = 16;
const longestName = 1023;
const headerBytes = 65_536;

/** undefined where qemu-img has to make it, or to say why it cannot. */
function withName(pattern: Buffer | undefined, name: string): Buffer | undefined {
  const bytes = Buffer.from(name);
  if (!pattern || bytes.length > longestName) return undefined;
  const image = Buffer.from(pattern);
  const offset = Number(image.readBigUInt64BE(nameOffsetField));
  // Behind it the first cluster is empty.
  if (offset + longestName > headerBytes) return undefined;
  image.fill(0, offset, offset + image.readUInt32BE(nameLengthField));
  bytes.copy(image, offset);
  image.writeUInt32BE(bytes.length, nameLengthField);
  return image;
}
