// "Every start begins from this snapshot": for labs and continuous integration.
import type { Machine } from '../machine.ts';

/** null: starts go on from the present again. Throws Fault `not-found`. */
export async function setResetTo(machine: Machine, snapshot: string | null): Promise<void> {
  if (snapshot !== null) machine.snapshots.require(snapshot);
  await machine.context.library.place(machine.id, () => ({ resetTo: snapshot }));
  machine.snapshots.changes.publish('changed');
  machine.changed();
}
