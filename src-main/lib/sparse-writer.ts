// Writes a file from beginning to end, and leaves a hole wherever a whole block holds nothing but zeros.
import type { FileHandle } from 'node:fs/promises';

const blockBytes = 64 * 1024;
const zeroBlock = Buffer.alloc(blockBytes);

/** The parts of a chunk that are not all zero, by whole blocks; neighbours joined. */
export function dataRanges(chunk: Buffer): [number, number][] {
  const ranges: [number, number][] = [];
  for (let start = 0; start < chunk.length; start += blockBytes) {
    const end = Math.min(start + blockBytes, chunk.length);
    if (chunk.compare(zeroBlock, 0, end - start, start, end) === 0) continue;
    const last = ranges.at(-1);
    if (last && last[1] === start) last[1] = end;
    else ranges.push([start, end]);
  }
  return ranges;
}

/** What is written comes in pieces of any size; holes stay aligned to blocks. */
export class SparseWriter {
  /** Bytes given so far: the size of the file. */
  sizeBytes = 0;
  /** Of those, bytes that take room. */
  dataBytes = 0;
  private readonly file: FileHandle;
  private readonly pending = Buffer.allocUnsafe(16 * blockBytes);
  private used = 0;

  constructor(file: FileHandle) {
    this.file = file;
  }

  async write(piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + this.pending.length - this.used);
      this.pending.set(part, this.used);
      this.used += part.length;
      at += part.length;
      if (this.used === this.pending.length) await this.flush();
    }
  }

  /** Throws the system's error, as `write` does. */
  async end(): Promise<void> {
    await this.flush();
    await this.file.truncate(this.sizeBytes);
  }

  private async flush(): Promise<void> {
    for (const [start, end] of dataRanges(this.pending.subarray(0, this.used))) {
      await this.file.write(this.pending, start, end - start, this.sizeBytes + start);
      this.dataBytes += end - start;
    }
    this.sizeBytes += this.used;
    this.used = 0;
  }
}
