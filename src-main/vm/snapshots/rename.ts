// Another name or note for a snapshot.
import type { Machine } from '../machine.ts';

/** Throws Fault `not-found`, `disk-full`, `library-unwritable`. */
export async function renameSnapshot(
  machine: Machine,
  id: string,
  { name, note }: { name: string; note: string },
): Promise<void> {
  machine.snapshots.require(id);
  await machine.snapshots.change(id, { name, note });
  machine.changed();
}
