import { mkdir, open, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listTree } from './file-tree.ts';
import { inTemporaryDirectory } from './temporary.ts';

const MiB = 1024 * 1024;

async function fill(directory: string, ...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(path.join(directory, path.dirname(name)), { recursive: true });
    await writeFile(path.join(directory, name), Buffer.alloc(MiB, 1));
  }
}

describe('listTree', () => {
  it('names every file with the room it takes; a link is not followed', () =>
    inTemporaryDirectory(async (directory) => {
      await fill(directory, 'b/two', 'b/deep/er/one');
      const sparse = await open(path.join(directory, 'a'), 'w');
      await sparse.truncate(100 * MiB);
      await sparse.close();
      await symlink(path.join(directory, 'b'), path.join(directory, 'link'));
      const files = await listTree(directory);
      expect(files.map((file) => file.path)).toEqual(['a', 'b/deep/er/one', 'b/two', 'link']);
      expect(files.map((file) => file.allocatedBytes >= MiB)).toEqual([false, true, true, false]);
    }));

  it('finds nothing where there is no such directory', () =>
    inTemporaryDirectory(async (directory) => {
      expect(await listTree(path.join(directory, 'none'))).toEqual([]);
    }));

  it('leaves out what is removed meanwhile', () =>
    inTemporaryDirectory(async (directory) => {
      const going = path.join(directory, 'goes');
      for (let round = 0; round < 20; round += 1) {
        await fill(directory, 'stays', ...Array.from({ length: 20 }, (_, index) => `goes/${index}/file`));
        const [files] = await Promise.all([listTree(directory), rm(going, { recursive: true })]);
        expect(files.map((file) => file.path)).toContain('stays');
      }
    }));
});
