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

/**
 * Every file below a directory, links not followed, in order of their paths. What vanishes meanwhile is left out.
 *
 * @throws ENOENT where there is no such directory.
 */
export async function listTree(directory: string): Promise<TreeFile[]> {
  const files = await filesBelow(directory);
  return files
    .map((file) => ({ ...file, path: path.relative(directory, file.path) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** By their absolute paths. Node's own recursion fails as a whole when one of the directories is removed meanwhile. */
async function filesBelow(directory: string): Promise<TreeFile[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const found = entries.map(async (entry): Promise<TreeFile[]> => {
    const absolute = path.join(directory, entry.name);
    if (entry.isDirectory()) return (await unlessMissing(filesBelow(absolute))) ?? [];
    if (entry.isSymbolicLink()) return [{ path: absolute, allocatedBytes: 0 }];
    const facts = await unlessMissing(stat(absolute));
    return facts ? [{ path: absolute, allocatedBytes: facts.blocks * 512 }] : [];
  });
  return (await Promise.all(found)).flat();
}
