// The end of a file that may be long.
import { open } from 'node:fs/promises';
import { unlessMissing } from './errno.ts';

/** At most the last `limit` bytes as text; a file that is not there is empty. */
export async function readTail(file: string, limit: number): Promise<{ text: string; truncated: boolean }> {
  const handle = await unlessMissing(open(file, 'r'));
  if (!handle) return { text: '', truncated: false };
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, limit);
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await handle.read(buffer, 0, length, size - length);
    return { text: buffer.toString('utf8', 0, bytesRead), truncated: size > limit };
  } finally {
    await handle.close();
  }
}
