// Finds the snapshot that a person means, by id or by name.
import { Fault } from '../contract/fault.ts';
import type { SnapshotTree, SnapshotView } from '../contract/snapshot.ts';

/** Throws Fault `not-found`, or `conflict` when several have the name. */
export function findSnapshot({ snapshots }: SnapshotTree, vm: string, wanted: string): SnapshotView {
  const byId = snapshots.find(({ id }) => id === wanted.toLowerCase());
  if (byId) return byId;
  const [found, ...more] = snapshots.filter(({ name }) => name === wanted);
  if (!found) {
    throw new Fault({
      code: 'not-found',
      message: `${vm} has no snapshot called ${wanted}.`,
      remedy:
        snapshots.length === 0
          ? `It has none yet; the first one: armoire snapshot take "${vm}" first`
          : `See "armoire snapshot list" for the names and ids; upper and lower case count.`,
    });
  }
  if (more.length > 0) {
    throw new Fault({
      code: 'conflict',
      message: `${more.length + 1} snapshots of ${vm} are called ${wanted}.`,
      remedy: `Say which one by its id: ${[found, ...more].map(({ id }) => id).join(', ')}`,
    });
  }
  return found;
}
