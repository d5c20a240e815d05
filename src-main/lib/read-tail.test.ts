import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readTail } from './read-tail.ts';
import { inTemporaryDirectory } from './temporary.ts';

it('gives the end of a long file and says so', () =>
  inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, 'log');
    expect(await readTail(file, 10)).toEqual({ text: '', truncated: false });
    await writeFile(file, '0123456789abcdef');
    expect(await readTail(file, 6)).toEqual({ text: 'abcdef', truncated: true });
    expect(await readTail(file, 100)).toEqual({ text: '0123456789abcdef', truncated: false });
  }));
