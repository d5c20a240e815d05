// Restoring a snapshot: the present is kept as a snapshot or dropped, and a new one grows from the old point.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { VmDefinition } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import { variablesFile } from '../../qemu/flash-files.ts';
import type { Machine } from '../machine.ts';
import { resolveFile, snapshotDirectory, snapshotVariablesFile } from '../names.ts';
import { clearSavedState } from '../saved-state.ts';
import { startInHold } from '../start.ts';
import { forceStopMachine } from '../stop.ts';
import { usableSnapshot } from './damage.ts';
import { replaceFile, variablesOf } from './files.ts';
import { type Journal, removeJournal, writeJournal } from './journal.ts';
import { layeredDisks } from './layers.ts';
import type { Manifest } from './manifest.ts';
import { usableMemory } from './memory.ts';
import { dropPresent, makePresent, planPresent, settledLayers } from './present.ts';
import { recoverOperation } from './recover.ts';
import { takeInHold } from './take.ts';

export interface RestoreRequest {
  /** Name of the snapshot that keeps the present; null: it is dropped. */
  keepPresent: string | null;
  /** Go on from the saved memory; else the VM is stopped, with the disks of then. */
  memory: boolean;
  /**
   * It takes no room beside the snapshot, but for what the guest changes; that of the snapshot, should it be deleted,
   * comes back when the VM ends.
   */
  mapped?: boolean;
}

/**
 * Throws Fault `not-found`, `damaged`, `unsupported` (the memory cannot be loaded here), `disk-full`, `wrong-state`;
 * everything is as it was then. A failure of the start itself leaves the VM stopped with the restored disks.
 */
export function restoreSnapshot(machine: Machine, id: string, request: RestoreRequest): Promise<void> {
  return machine.atRest('restore', () => restoreInHold(machine, id, request));
}

export async function restoreInHold(machine: Machine, id: string, request: RestoreRequest): Promise<void> {
  await recoverOperation(machine);
  const manifest = await usableSnapshot(machine, id);
  if (request.keepPresent !== null && machine.saved) {
    throw new Fault({
      code: 'wrong-state',
      message: 'The present has a saved state, which a snapshot cannot keep.',
      remedy: 'Resume the VM first and then restore, or restore without keeping the present.',
    });
  }
  const memory = request.memory && (await memoryFor(machine, manifest, request));
  const { jobs } = machine.context;
  const title = `Restoring the snapshot “${manifest.name}”`;
  await jobs.run({ kind: 'restore-snapshot', vm: machine.id, title }, async (job) => {
    if (request.keepPresent !== null) {
      await takeInHold(machine, { name: request.keepPresent, note: '', origin: 'user' });
    }
    job.settle(false);
    await turnBack(machine, manifest);
    if (memory) await startInHold(machine, memory);
  });
  await machine.log.note(`Snapshot “${manifest.name}” was restored.`);
}

function memoryFor(machine: Machine, manifest: Manifest, { mapped = false }: RestoreRequest) {
  return usableMemory(machine, manifest, {
    mapped,
    without: {
      message: `The snapshot “${manifest.name}” holds disks alone, no memory.`,
      remedy: 'Restore it without memory, then start the VM.',
    },
  });
}

/** Disks, firmware variables and hardware become what they were; what ran is ended. */
async function turnBack(machine: Machine, manifest: Manifest): Promise<void> {
  const { library, finder } = machine.context;
  const next = planPresent(manifest.id, layeredDisks(manifest, manifest.definition));
  await makePresent(machine, next, manifest, await finder.require());
  await machine.reached('restore:overlays-made');
  const { document } = library.usable(machine.id);
  const { present, definition } = document;
  const before = { ...present, layers: { ...present.layers, ...settledLayers(present, definition) } };
  const journal: Extract<Journal, { kind: 'restore' }> = {
    kind: 'restore',
    snapshot: manifest.id,
    next,
    before,
  };
  try {
    await writeJournal(machine, journal);
    await machine.reached('restore:noted');
    if (machine.phase.kind !== 'off') await forceStopMachine(machine);
    await machine.reached('restore:ended');
    await library.place(machine.id, (current) => ({
      present: next,
      definition: restoredDefinition(manifest.definition, current.definition),
    }));
    await machine.reached('restore:placed');
    await finishRestore(machine, journal);
  } catch (error) {
    await recoverOperation(machine, { id: next.id, next });
    throw error;
  }
  await removeJournal(machine);
  await machine.reached('restore:done');
  machine.lastExit = undefined;
  machine.snapshots.changes.publish('changed');
  machine.changed();
}

/** Hardware is what it was; what is for people and for this computer stays as it is. */
function restoredDefinition(then: VmDefinition, now: VmDefinition): VmDefinition {
  return {
    ...then,
    name: now.name,
    note: now.note,
    network: { ...then.network, forwards: now.network.forwards },
    debug: now.debug,
  };
}

/** What is left once the VM's document says where the present is. Done again after a crash, it changes nothing twice. */
export async function finishRestore(
  machine: Machine,
  { snapshot, before }: Extract<Journal, { kind: 'restore' }>,
): Promise<void> {
  const manifest = machine.snapshots.manifests.get(snapshot);
  if (manifest) await restoreVariables(machine, manifest);
  await machine.reached('restore:variables-restored');
  await clearSavedState(machine);
  await dropPresent(machine, before);
  await machine.reached('restore:present-dropped');
}

async function restoreVariables(machine: Machine, { id, variables, definition }: Manifest): Promise<void> {
  const { boot } = definition;
  if (variables === null) {
    const fresh = boot.kind === 'uefi' ? await variablesOf(machine.directory, definition) : undefined;
    // It had not started yet: the firmware makes its variables anew.
    if (fresh) await rm(fresh.path, { force: true });
    return;
  }
  const source = path.join(machine.directory, snapshotDirectory(id), snapshotVariablesFile(variables));
  const target =
    boot.kind === 'pflash' && boot.vars !== undefined
      ? resolveFile(machine.directory, boot.vars)
      : variablesFile(machine.directory, variables);
  await replaceFile(source, target);
}
