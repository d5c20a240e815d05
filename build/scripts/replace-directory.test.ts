// Replacing a directory as a whole, and working directories that never stay.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { besideTarget, replaceDirectory } from './replace-directory.ts';

describe('besideTarget with replaceDirectory', () => {
  let dir: string;
  let target: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'armoire-replace-'));
    target = path.join(dir, 'guests');
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  const make = (content: string) =>
    besideTarget(target, async (work) => {
      await mkdir(path.join(work, 'made'));
      await writeFile(path.join(work, 'made', 'file'), content);
      await replaceDirectory(path.join(work, 'made'), target, work);
    });

  it('puts the new one in place and leaves nothing beside it', async () => {
    await make('old');
    await make('new');
    expect(readFileSync(path.join(target, 'file'), 'utf8')).toBe('new');
    expect(readdirSync(dir)).toEqual(['guests']);
  });

  it('keeps the old one when making fails', async () => {
    await make('old');
    await expect(besideTarget(target, () => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(readFileSync(path.join(target, 'file'), 'utf8')).toBe('old');
    expect(readdirSync(dir)).toEqual(['guests']);
  });

  it('removes what a killed run left, and of its own target only', async () => {
    for (const name of ['.making-guests-abc', '.making-other-abc']) {
      mkdirSync(path.join(dir, name));
      writeFileSync(path.join(dir, name, 'half'), '');
    }
    await make('new');
    expect(existsSync(path.join(dir, '.making-guests-abc'))).toBe(false);
    expect(existsSync(path.join(dir, '.making-other-abc'))).toBe(true);
  });
});
