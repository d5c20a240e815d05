// The files that a copy of a VM takes along.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { unlessMissing } from '../lib/errno.ts';
import { listTree } from '../lib/file-tree.ts';
import { sparseCopy } from '../lib/sparse-copy.ts';
import { clonedDirectories } from './names.ts';

/** Copies disks and firmware of a VM that does not run; blocks are shared where the file system can. */
export async function copyVmFiles(from: string, to: string, signal?: AbortSignal): Promise<void> {
  for (const directory of clonedDirectories) {
    const files = (await unlessMissing(listTree(path.join(from, directory)))) ?? [];
    for (const file of files) {
      const target = path.join(to, directory, file.path);
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      await sparseCopy(path.join(from, directory, file.path), target, signal);
    }
  }
}
