// Files made for one download: kept in the cache for a while, since nobody tells when a download has ended.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { makePrivateDirectory } from '../lib/private-directory.ts';

const keptMs = 10 * 60 * 1000;
const directoryName = 'downloads';

/** Lets `make` write a file and returns its path; the file is removed after ten minutes. */
export async function keepForDownload(
  cacheDirectory: string,
  make: (file: string) => Promise<void>,
): Promise<string> {
  const directory = path.join(cacheDirectory, directoryName);
  await makePrivateDirectory(directory);
  const file = path.join(directory, randomUUID());
  await make(file);
  setTimeout(() => void rm(file, { force: true }), keptMs).unref();
  return file;
}

/** What an earlier run left behind. */
export async function sweepDownloads(cacheDirectory: string): Promise<void> {
  await rm(path.join(cacheDirectory, directoryName), { recursive: true, force: true });
}

/** A name that every file system takes. `otherwise`: when nothing of it can be kept. */
export function downloadName(name: string, otherwise: string): string {
  return name.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^[.\s]+/, '') || otherwise;
}
