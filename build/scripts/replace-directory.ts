// Puts a finished directory in the place of an older one, so that readers find a whole one, old or new.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Runs `make` in a new working directory beside `target` (same file system, so that renaming works) and removes that
 * directory afterwards, also what a killed run left. Only while holding the lock of `target`.
 */
export async function besideTarget<T>(target: string, make: (work: string) => Promise<T>): Promise<T> {
  const parent = path.dirname(target);
  const prefix = `.making-${path.basename(target)}-`;
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
  const work = await mkdtemp(path.join(parent, prefix));
  try {
    return await make(work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Moves `made` to `target`; what was there goes into `work`, which the caller removes. */
export async function replaceDirectory(made: string, target: string, work: string): Promise<void> {
  if (existsSync(target)) await rename(target, path.join(work, 'replaced'));
  await rename(made, target);
}
