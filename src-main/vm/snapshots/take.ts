import type { SnapshotOrigin } from '../../contract/snapshot.ts';
import type { Machine } from '../machine.ts';
/** Resolves to the snapshot's id. */
export async function takeSnapshot(
  _machine: Machine,
  _request: { name: string; note: string; origin: SnapshotOrigin },
): Promise<string> {
  throw new Error('to come');
}
