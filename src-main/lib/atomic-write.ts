// Replaces a file in one step: after a crash or a full disk it is the old one or the new one, whole.
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from './errno.ts';

/**
 * Writes beside the file, syncs, renames over it, and syncs the directory: a rename alone can reach the disk
 * before the data does. `durable: false` leaves the syncs out: enough against the death of this process, not
 * against a power failure, and quick.
 * Throws the system's error (`ENOSPC`, `EROFS`, …) and then leaves the old file as it was and nothing beside it.
 */
export async function atomicWrite(
  file: string,
  data: string | Uint8Array,
  { durable = true }: { durable?: boolean } = {},
): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}${temporarySuffix}`;
  try {
    await writeNew(temporary, data, durable);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  if (durable) await syncDirectory(path.dirname(file));
}

/** What a crash between writing and renaming leaves behind ends in this. */
export const temporarySuffix = '.partial';

/** Makes the bytes of a file durable that another program has written. */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.sync().finally(() => handle.close());
}

/** Makes the names in a directory durable. Some file systems cannot sync a directory: they are durable by themselves. */
export async function syncDirectory(directory: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(directory, 'r');
    await handle.sync();
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EISDIR' && code !== 'EPERM') throw error;
  } finally {
    await handle?.close();
  }
}

async function writeNew(file: string, data: string | Uint8Array, durable: boolean): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(data);
    if (durable) await handle.sync();
  } finally {
    await handle.close();
  }
}
