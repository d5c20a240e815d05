// Keeps a console's log below its cap, and clears it, while QEMU holds the file open for appending.
//
// A file that another process appends to cannot be shortened from the front, and copying its end and then
// truncating it would lose what is written in between. So the guest stands still for the moment in which the last
// bytes are copied and the file is truncated: a few milliseconds, in which no device can write. Each step is
// written down first, so that whoever comes after a crash ends it without losing or repeating a byte.
import { type FileHandle, open, rm, truncate } from 'node:fs/promises';
import { unlessMissing } from '../lib/errno.ts';
import type { ConsoleState, ConsoleStore } from './console-store.ts';

/** Stops and continues the guest whose console it is. */
export interface GuestHold {
  stop(): Promise<void>;
  resume(): Promise<void>;
}

const copyChunkBytes = 1024 * 1024;
/** What may be left to copy while the guest stands still: a quarter MiB takes well under a millisecond. */
const smallRemainder = 256 * 1024;
const roundsBeforeStopping = 4;
const comparedBytes = 64 * 1024;

/**
 * Moves what QEMU has written into the older file; of more than `keepBytes` only the newest stay.
 * `hold`: null for a guest that stands still or does not run.
 */
export async function rotate(store: ConsoleStore, keepBytes: number, hold: GuestHold | null): Promise<void> {
  const { base, olderFrom } = store.state;
  const size = await store.liveSize();
  const skipped = Math.max(0, size - keepBytes);
  const from = base + skipped;
  if (size === 0 || from === olderFrom) return;
  const target = await open(store.olderFile(from), 'w', 0o600);
  try {
    let copied = skipped;
    for (let round = 0; round < roundsBeforeStopping; round++) {
      copied = await copyOn(store.liveFile, copied, target, skipped);
      if ((await store.liveSize()) - copied < smallRemainder) break;
    }
    await target.sync();
    await standingStill(store, hold, async () => {
      const upTo = await copyOn(store.liveFile, copied, target, skipped);
      await shorten(store, { stage: 'truncating', upTo, from, gone: 'dropped', resume: hold !== null });
    });
    await target.sync();
  } catch (error) {
    // The file is kept where a truncation that counts on it may be under way.
    if (store.state.pending?.stage !== 'truncating' && store.state.olderFrom !== from) {
      await rm(store.olderFile(from), { force: true });
    }
    throw error;
  } finally {
    await target.close();
  }
}

/** Forgets everything so far. Offsets go on from where they are. */
export async function clear(store: ConsoleStore, hold: GuestHold | null): Promise<void> {
  await standingStill(store, hold, async () => {
    const upTo = await store.liveSize();
    await shorten(store, { stage: 'truncating', upTo, from: null, gone: 'cleared', resume: hold !== null });
  });
}

/** Ends what a crash (or a QEMU that did not answer) left half done. */
export async function recoverRotation(store: ConsoleStore, hold: GuestHold | null): Promise<void> {
  const { pending } = store.state;
  if (!pending) return;
  if (pending.stage === 'truncating') await shorten(store, pending);
  if (pending.stage === 'resuming' || pending.resume) await hold?.resume();
  await settle(store);
}

async function standingStill(
  store: ConsoleStore,
  hold: GuestHold | null,
  work: () => Promise<void>,
): Promise<void> {
  if (hold) {
    await store.save({ ...store.state, pending: { stage: 'copying', resume: true } }, { durable: false });
    await hold.stop(); // one that fails may still happen later: the note above stays for recoverRotation
  }
  try {
    await work();
  } finally {
    await hold?.resume();
    await settle(store);
  }
}

/** The guest runs again: what is left of a rotation is at most a truncation to be done later. */
async function settle(store: ConsoleStore): Promise<void> {
  const { pending, ...rest } = store.state;
  const state: ConsoleState =
    pending?.stage === 'truncating' ? { ...rest, pending: { ...pending, resume: false } } : rest;
  await store.save(state, { durable: true });
}

type Truncating = Extract<NonNullable<ConsoleState['pending']>, { stage: 'truncating' }>;

/** The step that moves the beginning of QEMU's file. Done again after a crash, it changes nothing twice. */
async function shorten(store: ConsoleStore, pending: Truncating): Promise<void> {
  const before = store.state;
  await store.exclusively(async () => {
    await store.save({ ...before, pending }, { durable: false });
    if (!(await isTruncated(store, pending))) await truncate(store.liveFile, 0);
    await store.save(
      {
        base: before.base + pending.upTo,
        olderFrom: pending.from,
        gone: pending.gone,
        ...(pending.resume && { pending: { stage: 'resuming' as const } }),
      },
      { durable: false },
    );
    if (before.olderFrom !== null) await store.forgetOlder(before.olderFrom);
  });
}

/**
 * QEMU only appends, so a file shorter than it was has been truncated. A longer one may have grown past that
 * again (a debugger can continue a guest): then its content tells.
 */
async function isTruncated(store: ConsoleStore, pending: Truncating): Promise<boolean> {
  const size = await store.liveSize();
  if (size < pending.upTo || size === 0) return true;
  if (pending.from === null) return false;
  const skipped = pending.from - store.state.base;
  const [live, older] = await Promise.all([
    readAt(store.liveFile, skipped, Math.min(comparedBytes, pending.upTo - skipped)),
    readAt(store.olderFile(pending.from), 0, Math.min(comparedBytes, pending.upTo - skipped)),
  ]);
  return !live.equals(older);
}

async function readAt(file: string, position: number, length: number): Promise<Buffer> {
  const handle = await unlessMissing(open(file, 'r'));
  if (!handle) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Copies from `position` to the end as it is now; returns the position reached. */
async function copyOn(file: string, position: number, target: FileHandle, skipped: number): Promise<number> {
  const source = await unlessMissing(open(file, 'r'));
  if (!source) return position;
  try {
    const buffer = Buffer.allocUnsafe(copyChunkBytes);
    let reached = position;
    for (;;) {
      const { bytesRead } = await source.read(buffer, 0, copyChunkBytes, reached);
      if (bytesRead === 0) return reached;
      await writeAll(target, buffer.subarray(0, bytesRead), reached - skipped);
      reached += bytesRead;
    }
  } finally {
    await source.close();
  }
}

async function writeAll(target: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const result = await target.write(bytes, written, bytes.length - written, position + written);
    written += result.bytesWritten;
  }
}
