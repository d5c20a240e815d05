// Whether there is room for an image: asked before the work, and again while nobody can tell how large it becomes.
import { statfs } from 'node:fs/promises';
import { Fault } from '../contract/fault.ts';

/** Left to what runs: guests on a full disk stand still. */
const keptFreeBytes = 64 * 1024 ** 2;

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize - keptFreeBytes;
}

/** Throws Fault `disk-full` when `bytes` more do not fit on the file system of `directory`. */
export async function requireRoom(directory: string, bytes: number): Promise<void> {
  const free = await freeBytes(directory);
  if (bytes <= free) return;
  throw new Fault({
    code: 'disk-full',
    message: `The image needs ${inMiB(bytes)}, and there are ${inMiB(Math.max(0, free))} free on the disk of the library. Nothing was changed.`,
    remedy: 'Free some space there, or keep the library on a larger disk.',
    detail: directory,
  });
}

function inMiB(bytes: number): string {
  const mebi = Math.ceil(bytes / 1024 ** 2);
  return mebi < 10_240 ? `${mebi} MiB` : `${Math.ceil(mebi / 1024)} GiB`;
}
