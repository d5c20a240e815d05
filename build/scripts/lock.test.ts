// The lock that keeps two stagings apart: waiting, release after an error, and locks whose owner is gone.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.ts';

describe('withLock', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'armoire-lock-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('lets one in at a time and leaves nothing behind', async () => {
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} in`);
      await sleep(50);
      events.push(`${name} out`);
    };
    await Promise.all([withLock('x', work('a'), dir), withLock('x', work('b'), dir)]);
    expect([events.slice(0, 2), events.slice(2)].map((pair) => pair.map((event) => event.slice(2)))).toEqual([
      ['in', 'out'],
      ['in', 'out'],
    ]);
    expect(existsSync(path.join(dir, 'x'))).toBe(false);
  });

  it('is released when the work fails', async () => {
    await expect(withLock('x', () => Promise.reject(new Error('broken')), dir)).rejects.toThrow('broken');
    expect(await withLock('x', () => Promise.resolve('free'), dir)).toBe('free');
  });

  it('takes over from a process that is gone', async () => {
    const { pid } = spawnSync('true');
    mkdirSync(path.join(dir, 'x'));
    writeFileSync(path.join(dir, 'x', 'owner'), `${pid} 1`);
    expect(await withLock('x', () => Promise.resolve('taken'), dir)).toBe('taken');
  });

  it('takes over from another process that now has the pid', async () => {
    mkdirSync(path.join(dir, 'x'));
    writeFileSync(path.join(dir, 'x', 'owner'), `${process.pid} never`);
    expect(await withLock('x', () => Promise.resolve('taken'), dir)).toBe('taken');
  });

  it('takes over an old lock that never got an owner', async () => {
    mkdirSync(path.join(dir, 'x'));
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path.join(dir, 'x'), longAgo, longAgo);
    expect(await withLock('x', () => Promise.resolve('taken'), dir)).toBe('taken');
  });
});
