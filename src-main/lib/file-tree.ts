// What a directory holds and how much room it takes.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { unlessMissing } from './errno.ts';

export interface TreeFile {
  /** Relative to the directory asked about. */
  path: string;
  /** What it takes on disk, which for a sparse file is less than its size. */
  allocatedBytes: number;
}

/** Every file below a directory, links not followed, in order of their paths. */
export async function listTree(directory: string): Promise<TreeFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => !entry.isDirectory())
      .map(async (entry) => {
        const absolute = path.join(entry.parentPath, entry.name);
        const facts = entry.isSymbolicLink() ? undefined : await unlessMissing(stat(absolute));
        return { path: path.relative(directory, absolute), allocatedBytes: (facts?.blocks ?? 0) * 512 };
      }),
  );
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
