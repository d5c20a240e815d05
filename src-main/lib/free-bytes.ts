// How much room a disk has.
import { statfs } from 'node:fs/promises';

/** For this user, on the file system of `place`. Throws the system's error. */
export async function freeBytes(place: string): Promise<number> {
  const { bavail, bsize } = await statfs(place);
  return bavail * bsize;
}
