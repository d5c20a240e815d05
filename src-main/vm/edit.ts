// Saving an edited definition; what a running VM can take at once, it takes.
import { unversioned } from '../boards/table.ts';
import type { VmDefinition } from '../contract/definition.ts';
import { applyForwards } from './apply-forwards.ts';
import { refuseNewErrors } from './check.ts';
import type { LiveRun } from './live-run.ts';
import type { Machine } from './machine.ts';
import { isKept } from './snapshots/layers.ts';
import { takeSnapshot } from './snapshots/take.ts';

/**
 * Forwards first, so that a busy port leaves everything as it was; the rest of the hardware waits for a restart.
 * Throws Fault `conflict`, `port-unusable`, `bad-input`, `wrong-state`; then nothing was saved.
 */
export function editMachine(machine: Machine, revision: number, next: VmDefinition): Promise<void> {
  return machine.edit(() => editInTurn(machine, revision, next));
}

async function editInTurn(machine: Machine, revision: number, next: VmDefinition): Promise<void> {
  machine.require('edit');
  const { library } = machine.context;
  // Asked again when it is saved; asked here so that a forward is not changed for nothing.
  const { definition } = library.atRevision(machine.id, revision).document;
  await refuseNewErrors(definition, next, { context: machine.context, machine });
  await keepBefore(machine, definition, next);
  const run = machine.phase.kind === 'live' ? machine.phase.run : undefined;
  const undo = run && (await forwardNow(run, next));
  try {
    await library.edit(machine.id, revision, () => next);
  } catch (error) {
    await undo?.();
    throw error;
  }
  machine.changed();
  if (run) await machine.noteRun(run);
}

/** Another version of the machine type may not suit the guest, and does not load the memory of the old one. */
async function keepBefore(machine: Machine, before: VmDefinition, next: VmDefinition): Promise<void> {
  if (before.machine === next.machine || unversioned(before.machine) !== unversioned(next.machine)) return;
  if (!before.disks.some(isKept)) return;
  await takeSnapshot(machine, { name: `Before ${next.machine}`, note: '', origin: 'automatic' });
}

/** Another name is for people, and changes nothing that runs. */
export async function renameMachine(machine: Machine, name: string): Promise<void> {
  machine.require('rename');
  await machine.context.library.edit(machine.id, undefined, (definition) => ({ ...definition, name }));
  machine.changed();
}

/** Resolves to what takes it back. */
async function forwardNow(run: LiveRun, next: VmDefinition): Promise<() => Promise<void>> {
  const { definition } = run.record.document;
  await applyForwards(run.qmp, definition, next);
  recordForwards(run, next);
  return async () => {
    await applyForwards(run.qmp, next, definition);
    recordForwards(run, definition);
  };
}

/** Into the record as it is by now: other verbs write to it too. */
function recordForwards(run: LiveRun, { network: { forwards } }: VmDefinition): void {
  const { document } = run.record;
  const network = { ...document.definition.network, forwards };
  run.record = { ...run.record, document: { ...document, definition: { ...document.definition, network } } };
}
