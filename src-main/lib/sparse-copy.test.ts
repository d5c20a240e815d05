import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
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
