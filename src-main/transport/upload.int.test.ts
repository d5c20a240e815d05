// Uploads arrive whole under a name of their own, or leave nothing behind.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receiveUpload, sweepParts } from './upload.ts';

let directory: string;

beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'armoire-upload-')), 'uploads');
});

afterEach(() => rm(path.dirname(directory), { recursive: true, force: true }));

const body = (text: string) => Readable.from([Buffer.from(text)]);
const upload = (name: string, text = 'kernel', sizeBytes = text.length) =>
  receiveUpload(body(text), { directory, name, sizeBytes });

describe('a whole upload', () => {
  it('is kept for its owner only, under its name', async () => {
    const file = await upload('Image, "new" Ω.bin');
    expect(file).toBe(path.join(directory, 'Image, "new" Ω.bin'));
    expect(await readFile(file, 'utf8')).toBe('kernel');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toHaveLength(1);
  });

  it('never replaces another one', async () => {
    const files = await Promise.all([
      upload('a.iso', 'one'),
      upload('a.iso', 'two'),
      upload('a.iso', 'three'),
    ]);
    expect(files.map((file) => path.basename(file)).sort()).toEqual(['a (2).iso', 'a (3).iso', 'a.iso']);
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    expect(texts).toEqual(['one', 'two', 'three']);
  });

  it('may be empty', async () => {
    expect((await stat(await upload('empty.bin', ''))).size).toBe(0);
  });
});

describe('leaves nothing behind', () => {
  it.each(['', '  ', '.', '..', '.hidden', '../a', 'a/b', 'a\\b', 'a\nb', 'a\0b', 'x'.repeat(241)])(
    'when the name is %j',
    async (name) => {
      await expect(upload(name)).rejects.toMatchObject({ code: 'bad-input' });
      expect(await readdir(path.dirname(directory))).toEqual([]);
    },
  );

  it.each([
    ['shorter', 7],
    ['longer', 5],
  ])('when the body is %s than announced', async (_how, sizeBytes) => {
    await expect(upload('a.bin', 'kernel', sizeBytes)).rejects.toMatchObject({ code: 'bad-input' });
    expect(await readdir(directory)).toEqual([]);
  });

  it('when the connection breaks', async () => {
    async function* broken() {
      yield Buffer.from('ker');
      throw new Error('reset');
    }
    const sent = receiveUpload(Readable.from(broken()), { directory, name: 'a.bin', sizeBytes: 6 });
    await expect(sent).rejects.toThrow('reset');
    expect(await readdir(directory)).toEqual([]);
  });

  it('when the disk has no room for it, and says how much there is', async () => {
    const MiB = 1024 * 1024;
    const sent = receiveUpload(body('kernel'), {
      directory,
      name: 'a.bin',
      sizeBytes: 6,
      freeBytes: async () => 256 * MiB,
    });
    await expect(sent).rejects.toMatchObject({
      code: 'disk-full',
      message: 'The file has 1 MiB, and 256 MiB are free where uploads are kept.',
    });
    expect(await readdir(directory)).toEqual([]);
  });
});

it('the remains of uploads that a crash cut off are swept, and nothing else', async () => {
  await mkdir(directory);
  for (const name of ['.0123456789abcdef.part', 'mine.part', '.other']) {
    await writeFile(path.join(directory, name), 'x');
  }
  await sweepParts(directory);
  expect((await readdir(directory)).sort()).toEqual(['.other', 'mine.part']);
  await sweepParts(path.join(directory, 'missing'));
});
