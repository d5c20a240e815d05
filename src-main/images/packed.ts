// Packed images: recognised by their first bytes, unpacked into a file with holes, within bounds.
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import * as xzModule from 'xz-decompress';
import { Fault } from '../contract/fault.ts';
import { errnoOf } from '../lib/errno.ts';
import { SparseWriter } from '../lib/sparse-writer.ts';
import { fileFault } from '../qemu/file-faults.ts';
import { largestVirtualBytes } from '../qemu/image-header.ts';
import { requireRoom } from './room.ts';

/** A CommonJS module: to Node all of it is the default export, to bundlers each name stands by itself. */
const { XzReadableStream } = 'default' in xzModule ? (xzModule.default as typeof xzModule) : xzModule;

export type Packing = 'xz' | 'zstd' | 'gzip';

const magics: readonly [Packing | 'bzip2' | 'zip', string][] = [
  ['gzip', '1f8b'],
  ['xz', 'fd377a585a00'],
  ['zstd', '28b52ffd'],
  ['bzip2', '425a68'],
  ['zip', '504b0304'],
];

/** null: not packed. Throws `Fault` file-unusable for a file that cannot be read, or is packed in a way not known here. */
export async function packingOf(file: string): Promise<Packing | null> {
  const head = await firstBytes(file, 6);
  const found = magics.find(([, magic]) => head.toString('hex').startsWith(magic))?.[0];
  if (found !== 'bzip2' && found !== 'zip') return found ?? null;
  throw new Fault({
    code: 'file-unusable',
    message: `${path.basename(file)} is packed with ${found}, which Armoire does not unpack.`,
    remedy: 'Unpack it first, or take an image that is packed with xz, zstd or gzip.',
  });
}

/** A tar archive: its magic stands behind the first file's name and rights. */
export async function isArchive(file: string): Promise<boolean> {
  return (await firstBytes(file, 262)).toString('latin1', 257) === 'ustar';
}

async function firstBytes(file: string, length: number): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw fileFault(error, file);
  } finally {
    await handle?.close();
  }
}

const readBytes = 64 * 1024;
/** How often the room that is left is asked for. */
const roomEveryBytes = 8 * 1024 ** 2;

export interface UnpackOptions {
  packing: Packing;
  signal?: AbortSignal | undefined;
  /** Percent, 0 to 100, of the packed bytes. */
  onProgress?: ((percent: number) => void) | undefined;
}

/**
 * Makes `to`, which must not exist. Throws `Fault` disk-full, file-unusable (cut off, damaged, absurdly large), and what
 * the signal was aborted with; nothing is left then.
 */
export async function unpack(from: string, to: string, options: UnpackOptions): Promise<void> {
  const { size } = await stat(from);
  await requireRoom(path.dirname(to), size);
  const target = await open(to, 'wx', 0o600);
  try {
    await unpackInto(from, target, path.dirname(to), size, options);
    await target.sync();
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  } finally {
    await target.close();
  }
}

async function unpackInto(
  from: string,
  target: FileHandle,
  directory: string,
  packedBytes: number,
  { packing, signal, onProgress }: UnpackOptions,
): Promise<void> {
  const writer = new SparseWriter(target);
  let read = 0;
  let roomAskedAt = 0;
  const source = counted(from, (bytes) => {
    read += bytes;
    onProgress?.((read / packedBytes) * 100);
  });
  for await (const piece of unpacked(from, source, packing)) {
    signal?.throwIfAborted();
    if (writer.sizeBytes + piece.length > largestVirtualBytes) throw tooLarge(from);
    await writer.write(piece);
    if (writer.dataBytes - roomAskedAt < roomEveryBytes) continue;
    roomAskedAt = writer.dataBytes;
    await requireRoom(directory, 0);
  }
  await writer.end();
  if (writer.sizeBytes === 0) throw damaged(from, 'nothing in it');
}

async function* counted(file: string, tell: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(file, { highWaterMark: readBytes })) {
    tell(chunk.length);
    yield chunk;
  }
}

/** What the unpackers throw is the file's fault; what the system says stays what it is. */
async function* unpacked(
  file: string,
  source: AsyncIterable<Buffer>,
  packing: Packing,
): AsyncGenerator<Uint8Array> {
  try {
    yield* unpackers[packing](source);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== undefined && !errno.startsWith('Z_')) throw error;
    throw damaged(file, error instanceof Error ? error.message : String(error));
  }
}

const unpackers: Record<Packing, (source: AsyncIterable<Buffer>) => AsyncIterable<Uint8Array>> = {
  // The callback is there to take what the loop over the pieces throws as well.
  gzip: (source) => pipeline(Readable.from(source), createGunzip(), () => undefined),
  xz: xzPieces,
  zstd: zstdPieces,
};

async function* xzPieces(source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
  });
  const reader = new XzReadableStream(stream).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await chunks.return?.();
  }
}

/** What `zstd` itself unpacks without being asked twice; the window is kept in memory. */
const largestWindow = 128 * 1024 ** 2;

/** Of the first frame (RFC 8878 3.1.1.1): no window descriptor means that all of a small content is the window. */
function windowBytes(head: Buffer): number {
  const descriptor = head[4] ?? 0;
  const window = head[5] ?? 0;
  if ((descriptor & 0x20) !== 0) return 0;
  const base = 2 ** (10 + (window >> 3));
  return base + (base / 8) * (window & 7);
}

async function* zstdPieces(source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let made: Uint8Array[] = [];
  const stream = new Decompress((piece) => made.push(piece));
  const take = () => {
    const taken = made;
    made = [];
    return taken;
  };
  let begun = false;
  for await (const chunk of source) {
    if (!begun && windowBytes(chunk) > largestWindow)
      throw new Error('it wants a window of more than 128 MiB');
    begun = true;
    stream.push(chunk);
    yield* take();
  }
  stream.push(new Uint8Array(0), true);
  yield* take();
}

function damaged(file: string, detail: string): Fault {
  return new Fault({
    code: 'file-unusable',
    message: `${path.basename(file)} cannot be unpacked: it is cut off or damaged.`,
    remedy: 'Fetch it again, and compare its checksum with the one that its maker publishes.',
    detail,
  });
}

function tooLarge(file: string): Fault {
  return new Fault({
    code: 'image-refused',
    message: `${path.basename(file)} unpacks to more than 16 TiB, and Armoire takes at most that.`,
    remedy: 'Take an image from a source that you trust.',
  });
}
