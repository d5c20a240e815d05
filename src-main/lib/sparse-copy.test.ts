import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listTree } from './file-tree.ts';
import { readTail } from './read-tail.ts';
import { sparseCopy } from './sparse-copy.ts';
import { inTemporaryDirectory } from './temporary.ts';

const MiB = 1024 * 1024;

describe('sparseCopy', () => {
  it('copies content exactly and takes no room for holes', () =>
    inTemporaryDirectory(async (directory) => {
      const from = path.join(directory, 'from');
      const handle = await open(from, 'w');
      await handle.write(Buffer.from('begin'), 0, 5, 0);
      await handle.write(Buffer.from('middle'), 0, 6, 20 * MiB + 123);
      await handle.truncate(40 * MiB + 7);
      await handle.close();
      const to = path.join(directory, 'to');
      await sparseCopy(from, to);
      expect((await readFile(to)).equals(await readFile(from))).toBe(true);
      expect((await stat(to)).blocks * 512).toBeLessThan(2 * MiB);
    }));

  it('does not replace a file', () =>
    inTemporaryDirectory(async (directory) => {
      await writeFile(path.join(directory, 'from'), 'new');
      await writeFile(path.join(directory, 'to'), 'old');
      await expect(
        sparseCopy(path.join(directory, 'from'), path.join(directory, 'to')),
      ).rejects.toMatchObject({
        code: 'EEXIST',
      });
      expect(await readFile(path.join(directory, 'to'), 'utf8')).toBe('old');
    }));

  it('leaves nothing behind when it is called off', () =>
    inTemporaryDirectory(async (directory) => {
      await writeFile(path.join(directory, 'from'), Buffer.alloc(10 * MiB, 1));
      const copied = sparseCopy(
        path.join(directory, 'from'),
        path.join(directory, 'to'),
        AbortSignal.abort(),
      );
      // Where blocks are shared the copy is made in one step, before anyone could call it off.
      const outcome = await copied.then(
        () => 'made',
        () => 'called off',
      );
      expect(await readdir(directory)).toEqual(outcome === 'made' ? ['from', 'to'] : ['from']);
    }));
});

describe('listTree', () => {
  it('names every file with the room it takes', () =>
    inTemporaryDirectory(async (directory) => {
      const handle = await open(path.join(directory, 'sparse'), 'w');
      await handle.truncate(100 * MiB);
      await handle.close();
      await writeFile(path.join(directory, 'full'), Buffer.alloc(MiB, 1));
      const files = await listTree(directory);
      expect(files.map((file) => file.path)).toEqual(['full', 'sparse']);
      expect(files[0]?.allocatedBytes).toBeGreaterThanOrEqual(MiB);
      expect(files[1]?.allocatedBytes).toBeLessThan(MiB);
    }));
});

describe('readTail', () => {
  it('gives the end of a long file and says so', () =>
    inTemporaryDirectory(async (directory) => {
      const file = path.join(directory, 'log');
      expect(await readTail(file, 10)).toEqual({ text: '', truncated: false });
      await writeFile(file, '0123456789abcdef');
      expect(await readTail(file, 6)).toEqual({ text: 'abcdef', truncated: true });
      expect(await readTail(file, 100)).toEqual({ text: '0123456789abcdef', truncated: false });
    }));
});
