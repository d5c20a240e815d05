// Snapshots: the tree, taking and restoring, and what becomes of them.

import { viewOf } from '../vm/machine-view.ts';
import { deleteSnapshot } from '../vm/snapshots/delete.ts';
import { renameSnapshot } from '../vm/snapshots/rename.ts';
import { restoreSnapshot } from '../vm/snapshots/restore.ts';
import { takeSnapshot } from '../vm/snapshots/take.ts';
import { snapshotDetail, snapshotView, treeOf, watchTree } from '../vm/snapshots/tree-view.ts';
import type { ApiContext } from './context.ts';
import type { Implementer } from './implement.ts';

export function snapshotProcedures(os: Implementer, { supervisor }: ApiContext) {
  const machineOf = (id: string) => supervisor.machine(id);
  return {
    watch: os.snapshots.watch.handler(({ input, signal }) => watchTree(machineOf(input.id), signal)),
    tree: os.snapshots.tree.handler(({ input }) => treeOf(machineOf(input.id))),
    detail: os.snapshots.detail.handler(({ input }) => snapshotDetail(machineOf(input.id), input.snapshot)),
    take: os.snapshots.take.handler(async ({ input }) => {
      const machine = machineOf(input.id);
      const { name, note } = input;
      return snapshotView(machine, await takeSnapshot(machine, { name, note, origin: 'user' }));
    }),
    restore: os.snapshots.restore.handler(async ({ input }) => {
      const machine = machineOf(input.id);
      await restoreSnapshot(machine, input.snapshot, input);
      return viewOf(machine);
    }),
    rename: os.snapshots.rename.handler(async ({ input }) => {
      const machine = machineOf(input.id);
      await renameSnapshot(machine, input.snapshot, input);
      return snapshotView(machine, input.snapshot);
    }),
    delete: os.snapshots.delete.handler(async ({ input }) => {
      await deleteSnapshot(machineOf(input.id), input.snapshot);
      return {};
    }),
  };
}
