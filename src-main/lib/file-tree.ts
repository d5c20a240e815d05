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

/** Every file below a directory, links not followed, in order of their paths. What is not there, or vanishes meanwhile, is left out. */
export async function listTree(directory: string): Promise<TreeFile[]> {
  const files = await filesBelow(directory, '');
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Node's own recursion fails as a whole when one of the directories is removed meanwhile. */
async function filesBelow(root: string, within: string): Promise<TreeFile[]> {
  const entries = (await unlessMissing(readdir(path.join(root, within), { withFileTypes: true }))) ?? [];
  const found = entries.map(async (entry): Promise<TreeFile[]> => {
    const file = path.join(within, entry.name);
    if (entry.isDirectory()) return filesBelow(root, file);
    if (entry.isSymbolicLink()) return [{ path: file, allocatedBytes: 0 }];
    const facts = await unlessMissing(stat(path.join(root, file)));
    return facts ? [{ path: file, allocatedBytes: facts.blocks * 512 }] : [];
  });
  return (await Promise.all(found)).flat();
}
