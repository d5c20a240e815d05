import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { bootId, processStart } from './process-identity.ts';
import { commandLineOf, findProcesses, wordPair } from './process-table.ts';

async function withSleeper<T>(work: (pid: number) => Promise<T>): Promise<T> {
  // A command with a space and a parenthesis in its name must not confuse the reader of the process table.
  const child = spawn('sh', ['-c', 'exec sleep 60'], {
    argv0: 'odd ) name',
    stdio: 'ignore',
  });
  try {
    await once(child, 'spawn');
    return await work(child.pid ?? 0);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

describe('processStart', () => {
  it('is the same for one process and another for the next', async () => {
    const mine = await processStart(process.pid);
    expect(mine).not.toBeNull();
    expect(await processStart(process.pid)).toBe(mine);
    await withSleeper(async (pid) => {
      const start = await processStart(pid);
      expect(start).not.toBeNull();
      expect(await processStart(pid)).toBe(start);
    });
  });

  it('is null for a process that has ended and for what is no pid', async () => {
    const pid = await withSleeper(async (sleeper) => sleeper);
    expect(await processStart(pid)).toBeNull();
    expect(await processStart(0)).toBeNull();
    expect(await processStart(-1)).toBeNull();
  });

  it('knows this start of the computer', async () => {
    expect(await bootId()).toMatch(/^[0-9a-fA-F-]{36}$/);
  });
});

describe('the process table', () => {
  it('finds a process by two neighbouring words, and only by whole ones', () => {
    const pattern = wordPair('-uuid', 'ab.c-1');
    expect(pattern.test('qemu\0-uuid\0ab.c-1\0-x')).toBe(true);
    expect(pattern.test('qemu -uuid ab.c-1')).toBe(true);
    expect(pattern.test('qemu\0-uuid\0ab.c-12')).toBe(false);
    expect(pattern.test('qemu\0-uuid\0abxc-1')).toBe(false);
    expect(pattern.test('qemu\0-x\0ab.c-1')).toBe(false);
  });

  it('finds this process', async () => {
    const own = await commandLineOf(process.pid);
    expect(own).toContain('node');
    const found = await findProcesses(/node/);
    expect(found.map(({ pid }) => pid)).toContain(process.pid);
  });

  it('knows nothing of a process that is gone', async () => {
    const pid = await withSleeper(async (sleeper) => sleeper);
    expect(await commandLineOf(pid)).toBeFalsy();
  });
});
