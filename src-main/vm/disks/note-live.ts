// What was changed in a running machine at once: noted in its run record, so that it is not shown as waiting for a restart.
import type { Disk, VmDefinition } from '../../contract/definition.ts';
import type { LiveRun } from '../live-run.ts';
import type { Machine } from '../machine.ts';

/** Other verbs write to the record too: the change is made to it as it is by now. */
export async function noteLiveDisks(
  machine: Machine,
  run: LiveRun,
  change: (disks: readonly Disk[]) => Disk[],
): Promise<void> {
  const { document } = run.record;
  const definition: VmDefinition = {
    ...document.definition,
    disks: change(document.definition.disks),
  };
  run.record = { ...run.record, document: { ...document, definition } };
  await machine.noteRun(run);
  machine.changed();
}
