import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { atomicWrite } from './atomic-write.ts';
import { inTemporaryDirectory } from './temporary.ts';

describe('atomicWrite', () => {
  it('replaces a file and leaves nothing beside it', () =>
    inTemporaryDirectory(async (directory) => {
      const file = path.join(directory, 'a.json');
      await atomicWrite(file, 'old');
      await atomicWrite(file, 'new');
      expect(await readFile(file, 'utf8')).toBe('new');
      expect(await readdir(directory)).toEqual(['a.json']);
    }));

  it('leaves the old state and nothing beside it when the name cannot be taken', () =>
    inTemporaryDirectory(async (directory) => {
      const file = path.join(directory, 'taken');
      await mkdir(file);
      await writeFile(path.join(file, 'inside'), 'kept');
      await expect(atomicWrite(file, 'new')).rejects.toMatchObject({ code: 'EISDIR' });
      expect(await readdir(directory)).toEqual(['taken']);
      expect(await readFile(path.join(file, 'inside'), 'utf8')).toBe('kept');
    }));

  it.skipIf(process.platform === 'win32')('keeps the old file when there is no room for the new one', () =>
    inTemporaryDirectory(async (directory) => {
      const file = path.join(directory, 'a.json');
      await atomicWrite(file, 'old');
      // A limit on file size fails a write in the middle as a full disk does; it needs a process of its own.
      const script = `
        process.on('SIGXFSZ', () => {});
        const { atomicWrite } = await import(${JSON.stringify(path.resolve(import.meta.dirname, 'atomic-write.ts'))});
        await atomicWrite(${JSON.stringify(file)}, 'x'.repeat(1 << 20)).then(
          () => console.log('written'), (error) => console.log(error.code));`;
      const { stdout } = await promisify(execFile)('sh', [
        '-c',
        'ulimit -f 64; exec "$0" --import tsx --input-type=module -e "$1"',
        process.execPath,
        script,
      ]);
      expect(stdout.trim()).toBe('EFBIG');
      expect(await readFile(file, 'utf8')).toBe('old');
      expect(await readdir(directory)).toEqual(['a.json']);
    }),
  );
});
