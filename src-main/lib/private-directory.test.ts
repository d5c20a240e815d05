import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePrivateDirectory } from './private-directory.ts';
import { inTemporaryDirectory } from './temporary.ts';

const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

describe('makePrivateDirectory', () => {
  it('makes what is missing, for its owner alone', () =>
    inTemporaryDirectory(async (directory) => {
      const wanted = path.join(directory, 'a', 'b');
      await makePrivateDirectory(wanted);
      expect(await modeOf(wanted)).toBe(0o700);
    }));

  it('closes one that others could read', () =>
    inTemporaryDirectory(async (directory) => {
      const wanted = path.join(directory, 'open');
      await mkdir(wanted);
      await chmod(wanted, 0o755);
      await makePrivateDirectory(wanted);
      expect(await modeOf(wanted)).toBe(0o700);
    }));

  it('refuses a link and a file in its place', () =>
    inTemporaryDirectory(async (directory) => {
      await symlink(directory, path.join(directory, 'link'));
      await expect(makePrivateDirectory(path.join(directory, 'link'))).rejects.toThrow('not a directory');
      await writeFile(path.join(directory, 'file'), '');
      await expect(makePrivateDirectory(path.join(directory, 'file'))).rejects.toMatchObject({
        code: 'EEXIST',
      });
    }));
});
