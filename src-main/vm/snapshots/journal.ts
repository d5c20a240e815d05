// What is under way with a VM's snapshots, noted durably before anything changes: whoever comes after a crash ends it.
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { snapshotId } from '../../contract/snapshot.ts';
import { atomicWrite } from '../../lib/atomic-write.ts';
import { unlessMissing } from '../../lib/errno.ts';
import { presentSchema } from '../document.ts';
import type { Machine } from '../machine.ts';
import { snapshotJournalFile, snapshotsDirectory } from '../names.ts';
import { storing } from '../storage-fault.ts';

/**
 * The moments between which a crash may fall, in their order. Each is reached when what its name says is done. Tests
 * kill every process at each of them.
 */
export const operationSteps = {
  take: [
    'overlays-made',
    'noted',
    'saving',
    'memory-saved',
    'pivoted',
    'resumed',
    'kept',
    'manifest-written',
    'placed',
    'done',
  ],
  restore: ['overlays-made', 'noted', 'ended', 'placed', 'variables-restored', 'present-dropped', 'done'],
  delete: ['hidden', 'emptied', 'merged', 'moved-on', 'removed', 'done'],
  save: ['memory-saved', 'noted', 'ended'],
  resume: ['started', 'loaded', 'spent', 'running'],
  clone: ['files-copied', 'created'],
} as const;

export type OperationStep = {
  [Kind in keyof typeof operationSteps]: `${Kind}:${(typeof operationSteps)[Kind][number]}`;
}[keyof typeof operationSteps];

const journal = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('take'),
    snapshot: snapshotId,
    next: presentSchema,
    /** QEMU ran: it may write to the new layers already. */
    live: z.boolean(),
    /** The guest ran, and shall again. */
    running: z.boolean(),
  }),
  z.object({
    kind: z.literal('restore'),
    snapshot: snapshotId,
    next: presentSchema,
    before: presentSchema,
  }),
  z.object({ kind: z.literal('save'), running: z.boolean() }),
]);
export type Journal = z.infer<typeof journal>;

const fileOf = (machine: Machine) => path.join(machine.directory, snapshotJournalFile);

export async function readJournal(machine: Machine): Promise<Journal | null> {
  const text = await unlessMissing(readFile(fileOf(machine), 'utf8'));
  machine.unfinished = text !== undefined;
  if (text === undefined) return null;
  // Written atomically: what cannot be read is no note of ours.
  return journal.parse(JSON.parse(text));
}

/** Throws Fault `disk-full`, `library-unwritable`; then nothing was changed. */
export async function writeJournal(machine: Machine, entry: Journal): Promise<void> {
  await storing('noting what is done with the snapshots', machine.directory, async () => {
    await mkdir(path.join(machine.directory, snapshotsDirectory), { recursive: true, mode: 0o700 });
    machine.unfinished = true;
    await atomicWrite(fileOf(machine), JSON.stringify(entry));
  });
}

export async function removeJournal(machine: Machine): Promise<void> {
  await rm(fileOf(machine), { force: true });
  machine.unfinished = false;
}
