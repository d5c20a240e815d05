import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inTemporaryDirectory } from '../lib/temporary.ts';
import { ConsoleInput, queueLimitBytes } from './console-input.ts';

async function withPipe(
  work: (input: ConsoleInput, read: (limit: number) => Promise<Buffer>) => Promise<void>,
): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    const pipe = path.join(directory, 'in');
    execFileSync('mkfifo', [pipe]);
    const input = await ConsoleInput.open(pipe);
    const reader = await open(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      await work(input, async (limit) => {
        const { buffer, bytesRead } = await reader.read(Buffer.alloc(limit), 0, limit, null);
        return buffer.subarray(0, bytesRead);
      });
    } finally {
      await input.close();
      await reader.close();
    }
  });
}

describe('ConsoleInput', () => {
  it('delivers keys', () =>
    withPipe(async (input, read) => {
      expect(input.write(Buffer.from('ls\r'))).toBe(true);
      await sleep(20);
      expect((await read(100)).toString()).toBe('ls\r');
    }));

  it('delivers a paste larger than the pipe, whole and in order, as the guest reads', () =>
    withPipe(async (input, read) => {
      const paste = Buffer.from(Array.from({ length: 40_000 }, (_, index) => `line ${index}\n`).join(''));
      expect(paste.length).toBeGreaterThan(300_000);
      expect(input.write(paste)).toBe(true);
      expect(input.write(Buffer.from('the end'))).toBe(true);
      const received: Buffer[] = [];
      let total = 0;
      while (total < paste.length + 7) {
        const piece = await read(5000).catch(() => Buffer.alloc(0));
        received.push(piece);
        total += piece.length;
        if (piece.length === 0) await sleep(2);
      }
      expect(Buffer.concat(received).equals(Buffer.concat([paste, Buffer.from('the end')]))).toBe(true);
    }));

  it('takes all of a paste or nothing of it, and says which', () =>
    withPipe(async (input) => {
      expect(input.write(Buffer.alloc(queueLimitBytes + 1))).toBe(false);
      expect(input.write(Buffer.alloc(queueLimitBytes - 100_000))).toBe(true);
      expect(input.write(Buffer.alloc(200_000))).toBe(false);
    }));

  it('tells how much never reached the guest', () =>
    withPipe(async (input) => {
      input.write(Buffer.alloc(1_000_000));
      await sleep(50);
      const lost = await input.close();
      expect(lost).toBeGreaterThan(900_000);
      expect(input.write(Buffer.from('x'))).toBe(false);
    }));
});
