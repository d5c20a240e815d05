// Saved state: the guest's memory on disk and QEMU ended, so that the next start goes on where it was.
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { vmDefinition } from '../contract/definition.ts';
import { Fault, type FaultData } from '../contract/fault.ts';
import { requireRoom } from '../images/room.ts';
import { atomicWrite, syncDirectory, syncFile } from '../lib/atomic-write.ts';
import { unlessMissing } from '../lib/errno.ts';
import { allocatedBytes } from '../qemu/layered-image.ts';
import { type MemoryForm, saveMemory } from '../qemu/migration.ts';
import type { LiveRun } from './live-run.ts';
import type { Machine } from './machine.ts';
import { memoryBytes } from './metrics.ts';
import { memoryFile, savedDirectory, savedStateFile } from './names.ts';
import { removeJournal, writeJournal } from './snapshots/journal.ts';
import { savedMemory } from './snapshots/manifest.ts';
import { memoryFault } from './snapshots/memory.ts';
import { recoverOperation } from './snapshots/recover.ts';
import type { StartMemory } from './start-memory.ts';
import { forceStopMachine } from './stop.ts';

/** The newest version this Armoire writes; see `schemaVersion` in document.ts for what a change needs. */
const stateVersion = 1;

const stateSchema = z.object({
  schemaVersion: z.literal(stateVersion),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  /** The hardware that ran. */
  definition: vmDefinition,
  memory: savedMemory,
});

export type SavedState = z.infer<typeof stateSchema> & {
  /** What it takes on disk. */
  bytes: number;
  /** Why it cannot be resumed here and now. */
  mismatch?: FaultData;
};

const directoryOf = (machine: Machine) => path.join(machine.directory, savedDirectory);
const stateOf = (machine: Machine) => path.join(directoryOf(machine), savedStateFile);

/**
 * The guest runs until its memory is on disk, then QEMU ends. Throws Fault `disk-full`, `unsupported`, `cancelled`;
 * then the guest goes on.
 */
export function saveMachine(machine: Machine): Promise<void> {
  const run = machine.requireLive('save-state');
  return machine.atRest('save-state', async () => {
    await recoverOperation(machine);
    const name = run.record.document.definition.name;
    await machine.context.jobs.run(
      { kind: 'save-state', vm: machine.id, title: `Saving the state of “${name}”` },
      // QEMU ends in the same turn: a verb that waits for it would let the guest go on behind its saved memory.
      (job) =>
        run.inTurn(async () => {
          await writeState(machine, run, job);
          run.savedAsked = true;
          await forceStopMachine(machine);
        }),
    );
    await machine.reached('save:ended');
    await loadSavedState(machine);
    machine.changed();
  });
}

interface Progress {
  signal: AbortSignal;
  progress(percent: number): void;
  settle(cancellable: boolean): void;
}

async function writeState(machine: Machine, run: LiveRun, job: Progress): Promise<void> {
  const { record } = run;
  const running = run.status === 'running';
  await requireRoom(machine.directory, await memoryBytes(record), 'The saved state');
  const directory = directoryOf(machine);
  const file = path.join(directory, memoryFile);
  const { features } = await machine.context.finder.require();
  const form: MemoryForm = features.includes('mapped-ram') ? 'mapped-ram' : 'stream';
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeJournal(machine, { kind: 'save', running });
    await run.quietly(async () => {
      await saveMemory(run.qmp, file, {
        form,
        signal: job.signal,
        onProgress: (percent) => job.progress(percent),
      });
      job.settle(false);
      await machine.reached('save:memory-saved');
      await syncFile(file);
      await noteState(machine, {
        schemaVersion: stateVersion,
        createdAt: new Date().toISOString(),
        definition: record.document.definition,
        memory: {
          form,
          sizeBytes: (await stat(file)).size,
          paused: !running,
          qemuVersion: record.qemuVersion,
          accelerator: record.accelerator,
          hostArch: machine.context.host.arch,
        },
      });
      await machine.reached('save:noted');
    });
  } catch (error) {
    await recoverOperation(machine);
    await clearSavedState(machine);
    throw error;
  }
  await removeJournal(machine);
}

/** Written last: without it there is no saved state. */
async function noteState(machine: Machine, state: z.infer<typeof stateSchema>): Promise<void> {
  await syncDirectory(directoryOf(machine));
  await atomicWrite(stateOf(machine), `${JSON.stringify(state, null, 2)}\n`);
}

async function readState(machine: Machine): Promise<z.infer<typeof stateSchema> | undefined> {
  const text = await unlessMissing(readFile(stateOf(machine), 'utf8'));
  if (text === undefined) return undefined;
  const parsed = stateSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

/** For a machine that a manager finds when it comes back; a half-written state is removed. */
export async function loadSavedState(machine: Machine): Promise<void> {
  const state = await readState(machine).catch(() => undefined);
  if (!state) {
    machine.saved = undefined;
    return clearSavedState(machine);
  }
  const file = path.join(directoryOf(machine), memoryFile);
  const mismatch = await memoryFault(machine, { file, ...state });
  const bytes = await allocatedBytes(file);
  machine.saved = { ...state, bytes, ...(mismatch && { mismatch }) };
}

/** Whether the disk says so: for who finds a QEMU that should have ended, or should not have begun. */
export async function hasSavedState(machine: Machine): Promise<boolean> {
  return (await readState(machine).catch(() => undefined)) !== undefined;
}

/** The note goes first: a crash in between leaves a memory that nobody would load. */
export async function clearSavedState(machine: Machine): Promise<void> {
  machine.saved = undefined;
  await rm(stateOf(machine), { force: true });
  // After a power failure it must not be back: the guest goes on, and its disks with it.
  await unlessMissing(syncDirectory(directoryOf(machine)));
  await rm(directoryOf(machine), { recursive: true, force: true });
}

/** As pulling the plug on what was saved. Throws Fault `wrong-state`. */
export function discardState(machine: Machine): Promise<void> {
  return machine.atRest('discard-state', async () => {
    await clearSavedState(machine);
    await machine.log.note('The saved state was discarded.');
    machine.lastExit = undefined;
    machine.changed();
  });
}

/** How the next start goes on. Throws Fault `unsupported` when it cannot be loaded here, `damaged` when it is not whole. */
export async function resumeMemory(machine: Machine): Promise<StartMemory> {
  await loadSavedState(machine);
  const { saved } = machine;
  if (!saved) {
    throw new Fault({
      code: 'damaged',
      message: 'The saved state cannot be read any more.',
      remedy: 'Start the VM again: it boots from its disks.',
    });
  }
  if (saved.mismatch) {
    throw new Fault({
      ...saved.mismatch,
      remedy:
        saved.mismatch.code === 'damaged'
          ? 'Discard the saved state: the VM then boots from its disks.'
          : 'Use the QEMU of then again, or discard the saved state: the VM then boots from its disks.',
    });
  }
  return {
    file: path.join(directoryOf(machine), memoryFile),
    form: saved.memory.form,
    paused: saved.memory.paused,
    definition: saved.definition,
    spend: () => clearSavedState(machine),
  };
}
