// Copies a file so that the copy takes no more room than the original: shared blocks where the file system can,
// holes kept elsewhere.
import { constants, copyFile, open, rm, stat } from 'node:fs/promises';
import { dataRanges } from './sparse-writer.ts';

const chunkBytes = 4 * 1024 * 1024;

/** Throws the system's error and then leaves no half copy. The target must not exist. */
export async function sparseCopy(from: string, to: string, signal?: AbortSignal): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
    return;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error;
    // Not a file system that shares blocks.
  }
  try {
    await copyWithHoles(from, to, signal);
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

async function copyWithHoles(from: string, to: string, signal?: AbortSignal): Promise<void> {
  const { mode } = await stat(from);
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'wx', mode & 0o700);
    try {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      let position = 0;
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead } = await source.read(buffer, 0, chunkBytes, position);
        if (bytesRead === 0) break;
        for (const [start, end] of dataRanges(buffer.subarray(0, bytesRead))) {
          await target.write(buffer, start, end - start, position + start);
        }
        position += bytesRead;
      }
      await target.truncate(position);
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
