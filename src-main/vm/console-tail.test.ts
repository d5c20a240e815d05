import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inTemporaryDirectory } from '../lib/temporary.ts';
import { ConsoleTail } from './console-tail.ts';

async function withTail(
  work: (tail: ConsoleTail, file: string, told: { times: number }) => Promise<void>,
  exists = true,
): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, 'log');
    if (exists) await writeFile(file, 'before');
    const tail = new ConsoleTail(file);
    const told = { times: 0 };
    const unsubscribe = tail.subscribe(() => told.times++);
    try {
      await work(tail, file, told);
    } finally {
      unsubscribe();
    }
  });
}

describe('ConsoleTail', () => {
  it('tells of the first byte at once', () =>
    withTail(async (_, file, told) => {
      await sleep(50);
      const before = performance.now();
      await appendFile(file, 'x');
      await expect.poll(() => told.times, { interval: 1 }).toBe(1);
      expect(performance.now() - before).toBeLessThan(500);
    }));

  it('tells of many bytes together, and of the last one', () =>
    withTail(async (_, file, told) => {
      for (let index = 0; index < 2000; index++) await appendFile(file, 'x');
      await sleep(100);
      expect(told.times).toBeGreaterThan(0);
      expect(told.times).toBeLessThan(1000);
      const settled = told.times;
      await sleep(250);
      expect(told.times).toBe(settled);
      await appendFile(file, 'last');
      await expect.poll(() => told.times, { interval: 1 }).toBe(settled + 1);
    }));

  it('finds a file that is made later', () =>
    withTail(async (_, file, told) => {
      await sleep(30);
      await writeFile(file, 'first');
      await expect.poll(() => told.times).toBeGreaterThan(0);
    }, false));

  it('is silent when nobody listens', () =>
    withTail(async (tail, file, told) => {
      let late = 0;
      const unsubscribe = tail.subscribe(() => late++);
      unsubscribe();
      await appendFile(file, 'x');
      await expect.poll(() => told.times).toBe(1);
      expect(late).toBe(0);
    }));
});
