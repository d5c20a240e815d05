// Answers about files that are kept while the file stays as it is.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFileMemo } from './file-memo.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'armoire-memo-'));
});
afterAll(() => rm(directory, { recursive: true }));

it('asks once for each state of a file, and for each thing that is asked', async () => {
  const file = path.join(directory, 'image');
  await writeFile(file, 'one');
  const memo = createFileMemo<number>();
  let asked = 0;
  const ask = async () => ++asked;
  expect([await memo.of(file, 'size', ask), await memo.of(file, 'size', ask)]).toEqual([1, 1]);
  expect(await memo.of(file, 'format', ask)).toBe(2);
  await writeFile(file, 'two!');
  expect(await memo.of(file, 'size', ask)).toBe(3);
});

it('keeps no failure, and does not ask about a file that is not there', async () => {
  const file = path.join(directory, 'other');
  await writeFile(file, '');
  const memo = createFileMemo<string>();
  await expect(memo.of(file, '', () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
  expect(await memo.of(file, '', async () => 'fine')).toBe('fine');
  await expect(memo.of(path.join(directory, 'gone'), '', async () => 'never')).rejects.toThrow('ENOENT');
});

it('forgets the oldest of many', async () => {
  const memo = createFileMemo<number>();
  const file = path.join(directory, 'many');
  await writeFile(file, '');
  let asked = 0;
  for (let about = 0; about < 40; about += 1) await memo.of(file, String(about), async () => ++asked);
  await memo.of(file, '39', async () => ++asked);
  expect(asked).toBe(40);
  await memo.of(file, '0', async () => ++asked);
  expect(asked).toBe(41);
});
