// One staging of a kind at a time: a lock directory that survives nothing but its owner.
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStart } from '../../src-main/lib/process-identity.ts';
import { stageDir } from './paths.ts';
import { say } from './script.ts';

const pollMs = 250;
/** mkdir and the owner file are two steps: a lock without an owner is only stale after this long. */
const unownedGraceMs = 10_000;

async function livingOwner(lockDir: string): Promise<number | 'unknown' | null> {
  try {
    const [pidText, start] = (await readFile(path.join(lockDir, 'owner'), 'utf8')).split(' ');
    const pid = Number(pidText);
    return (await processStart(pid)) === start ? pid : null;
  } catch {
    const made = await stat(lockDir).catch(() => null);
    if (made === null) return null;
    return Date.now() - made.mtimeMs < unownedGraceMs ? 'unknown' : null;
  }
}

/** Removing in two steps: of several that find the same stale lock, only one can rename it. */
async function breakStale(lockDir: string): Promise<void> {
  const aside = `${lockDir}.stale-${process.pid}`;
  const mine = await rename(lockDir, aside).then(
    () => true,
    () => false,
  );
  if (mine) await rm(aside, { recursive: true, force: true });
}

async function tryAcquire(lockDir: string): Promise<boolean> {
  try {
    await mkdir(lockDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await writeFile(path.join(lockDir, 'owner'), `${process.pid} ${await processStart(process.pid)}`);
  return true;
}

/** Runs `work` while holding the lock `name`; waits for another process that holds it. Not re-entrant. */
export async function withLock<T>(
  name: string,
  work: () => Promise<T>,
  locksDir = path.join(stageDir, 'locks'),
): Promise<T> {
  await mkdir(locksDir, { recursive: true });
  const lockDir = path.join(locksDir, name);
  let told = false;
  while (!(await tryAcquire(lockDir))) {
    const owner = await livingOwner(lockDir);
    if (owner === null) {
      await breakStale(lockDir);
      continue;
    }
    if (!told && owner !== 'unknown')
      say(`Waiting for process ${owner}, which is staging the same (${name}).`);
    told = true;
    await sleep(pollMs);
  }
  try {
    return await work();
  } finally {
    await rm(lockDir, { recursive: true, force: true });
  }
}
