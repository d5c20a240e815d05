// A small file system of its own for tests of full disks: mounted where this user may.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';

export function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const place = mkdtempSync(path.join(os.tmpdir(), 'armoire-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'armoire-test', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** The parent of the library lies on a small file system of its own for the time of `work`. */
export async function onSmallDisk(sizeKiB: number, parent: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(parent, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k`, 'armoire-test', parent]);
  try {
    await work();
  } finally {
    execFileSync('umount', ['-l', parent]);
  }
}

/** Takes all the room there is; returns what gives it back. */
export async function fillDisk(directory: string): Promise<() => Promise<void>> {
  const file = path.join(directory, 'filler');
  // All but the last blocks in one go.
  const { bavail, bsize } = await statfs(directory);
  if (bavail > 256) execFileSync('fallocate', ['-l', String((bavail - 256) * bsize), file]);
  for (let size = 1 << 20; size >= 1; size = size >> 1) {
    while (
      await writeFile(file, Buffer.alloc(size), { flag: 'a' }).then(
        () => true,
        () => false,
      )
    );
  }
  expect((await statfs(directory)).bavail).toBe(0);
  return () => rm(file);
}
