// One owner per library: the process that may write it, told from a dead one whose pid was reused.
import { link, open, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Fault } from '../contract/fault.ts';
import { errnoOf, unlessMissing } from '../lib/errno.ts';
import { bootId, processStart } from '../lib/process-identity.ts';
import { ownerFile, ownerTakeoverFile } from './names.ts';
import { storing } from './storage-fault.ts';

const ownerSchema = z.object({
  pid: z.int(),
  startTime: z.string(),
  mode: z.enum(['desktop', 'browser']),
  /** Where the owner listens for other processes of the same user. */
  controlSocket: z.string(),
  hostName: z.string(),
  bootId: z.string(),
});
export type Owner = z.infer<typeof ownerSchema>;

export interface Ownership {
  release(): Promise<void>;
}

/** A takeover takes milliseconds; one that is still there after this was abandoned. */
const takeoverPatienceMs = 2000;

/** The living owner of a library; null when there is none. */
export async function readOwner(libraryDirectory: string): Promise<Owner | null> {
  const owner = await readOwnerFile(libraryDirectory);
  return owner !== null && (await isAlive(owner)) ? owner : null;
}

/**
 * Claims the library for this process.
 * Throws Fault `library-in-use` naming pid and mode, `library-unwritable`, `disk-full`.
 */
export async function claimLibrary(
  libraryDirectory: string,
  claim: Pick<Owner, 'mode' | 'controlSocket'>,
): Promise<Ownership> {
  const me: Owner = {
    pid: process.pid,
    startTime: (await processStart(process.pid)) ?? '',
    hostName: hostname(),
    bootId: await bootId(),
    ...claim,
  };
  await storing('opening the library', libraryDirectory, async () => {
    if (await tryClaim(libraryDirectory, me)) return;
    await takeOver(libraryDirectory, me);
  });
  return { release: () => release(libraryDirectory, me) };
}

/** `link` fails when the name exists: of several that try, one gets it, with its content already whole. */
async function tryClaim(libraryDirectory: string, me: Owner): Promise<boolean> {
  const file = path.join(libraryDirectory, ownerFile);
  const mine = `${file}.${me.pid}.partial`;
  await writeFile(mine, JSON.stringify(me), { mode: 0o600 });
  try {
    await link(mine, file);
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(mine, { force: true });
  }
}

/** Only the holder of the takeover file removes a stale owner, so that nobody removes the one who came after it. */
async function takeOver(libraryDirectory: string, me: Owner): Promise<void> {
  const takeover = path.join(libraryDirectory, ownerTakeoverFile);
  await openTakeover(takeover);
  try {
    const current = await readOwnerFile(libraryDirectory);
    if (current !== null && (await isAlive(current))) throw inUse(current, libraryDirectory);
    await rm(path.join(libraryDirectory, ownerFile), { force: true });
    if (await tryClaim(libraryDirectory, me)) return;
  } finally {
    await rm(takeover, { force: true });
  }
  const winner = await readOwnerFile(libraryDirectory);
  throw inUse(winner ?? me, libraryDirectory);
}

async function openTakeover(takeover: string): Promise<void> {
  const deadline = Date.now() + takeoverPatienceMs;
  for (;;) {
    try {
      await (await open(takeover, 'wx', 0o600)).close();
      return;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      if (Date.now() > deadline) await rm(takeover, { force: true });
      await sleep(20 + Math.random() * 30);
    }
  }
}

async function release(libraryDirectory: string, me: Owner): Promise<void> {
  const current = await readOwnerFile(libraryDirectory);
  if (current?.pid === me.pid && current.startTime === me.startTime) {
    await rm(path.join(libraryDirectory, ownerFile), { force: true });
  }
}

async function readOwnerFile(libraryDirectory: string): Promise<Owner | null> {
  const text = await unlessMissing(readFile(path.join(libraryDirectory, ownerFile), 'utf8'));
  if (text === undefined) return null;
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return null; // cut off by a crash: nobody alive wrote half of it, since it is linked when whole
  }
}

/** An owner on another computer (a shared home) cannot be seen from here and counts as alive. */
async function isAlive(owner: Owner): Promise<boolean> {
  if (owner.hostName !== hostname()) return true;
  if (owner.bootId !== (await bootId())) return false;
  return (await processStart(owner.pid)) === owner.startTime;
}

function inUse(owner: Owner, libraryDirectory: string): Fault {
  const elsewhere = owner.hostName !== hostname();
  const who = `${owner.mode === 'desktop' ? 'The Armoire app' : 'An Armoire server'} (process ${owner.pid}${
    elsewhere ? ` on ${owner.hostName}` : ''
  })`;
  return new Fault({
    code: 'library-in-use',
    message: `${who} is using this library.`,
    remedy: elsewhere
      ? `Quit it there. If it is certain that it no longer runs, remove ${path.join(libraryDirectory, ownerFile)}.`
      : 'Use that one, or quit it first.',
    detail: libraryDirectory,
  });
}
