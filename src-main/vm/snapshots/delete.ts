// Deleting a snapshot: what grew from it keeps working, and its space comes back.
import { Fault } from '../../contract/fault.ts';
import type { Machine } from '../machine.ts';
import { removeExtras } from './files.ts';
import type { Manifest } from './manifest.ts';
import { collectHidden, pinnedFiles } from './merge.ts';
import { recoverOperation } from './recover.ts';

/**
 * Throws Fault `not-found`, `wrong-state` (another VM builds on it, every start begins from it); then nothing was
 * changed. When there is no room to merge it is hidden, and merged as soon as there is.
 */
export function deleteSnapshot(machine: Machine, id: string): Promise<void> {
  return machine.atRest('restore', async () => {
    await recoverOperation(machine);
    const manifest = machine.snapshots.require(id);
    refuseNeeded(machine, manifest);
    const title = `Deleting the snapshot “${manifest.name}”`;
    await machine.context.jobs.run({ kind: 'delete-snapshot', vm: machine.id, title }, async (job) => {
      job.settle(false);
      const nothing = { memory: null, variables: null, screen: false };
      await machine.snapshots.change(id, { hidden: true, ...nothing });
      await machine.reached('delete:hidden');
      machine.changed();
      await removeExtras(machine, id);
      await machine.reached('delete:emptied');
      await collectHidden(machine, { onProgress: (percent) => job.progress(percent) });
      await machine.reached('delete:done');
    });
    await machine.log.note(`Snapshot “${manifest.name}” was deleted.`);
    machine.snapshots.changes.publish('changed');
  });
}

/** Names of the VMs that build on a snapshot's layers. */
export function usersOf(machine: Machine, manifest: Pick<Manifest, 'id' | 'layers'>): string[] {
  const own = new Set(Object.values(manifest.layers).map(({ file }) => file));
  return machine.context.machines().flatMap(({ id, record }) => {
    if (id === machine.id) return [];
    if (record.kind === 'damaged') return record.mentions.includes(machine.id) ? [id] : [];
    const { base, definition } = record.document;
    const builds = Object.values(base?.layers ?? {}).some((layers) =>
      layers.some(({ vm, file }) => vm === machine.id && own.has(file)),
    );
    return builds ? [definition.name] : [];
  });
}

function refuseNeeded(machine: Machine, manifest: Manifest): void {
  const users = usersOf(machine, manifest);
  if (users.length > 0) {
    throw new Fault({
      code: 'wrong-state',
      message: `The disks of ${users.map((name) => `“${name}”`).join(', ')} build on this snapshot: it stays while they do.`,
      remedy: 'Delete those VMs first, or make full clones of them.',
    });
  }
  if (machine.snapshots.read.has(manifest.id)) {
    throw new Fault({
      code: 'wrong-state',
      message: `Another VM is being made from “${manifest.name}”: it stays meanwhile.`,
      remedy: 'Wait until that is done.',
    });
  }
  // A layer below one that is in use would be merged into it: that one must not be written to either.
  const pinned = pinnedFiles(machine);
  const children = machine.snapshots.childrenOf(manifest.id);
  if (children.some(({ layers }) => Object.values(layers).some(({ file }) => pinned.has(file)))) {
    throw new Fault({
      code: 'wrong-state',
      message: 'Another VM builds on a snapshot that grew from this one: both stay while it does.',
      remedy: 'Delete that VM first, or make a full clone of it.',
    });
  }
  if (machine.context.library.usable(machine.id).document.resetTo === manifest.id) {
    throw new Fault({
      code: 'wrong-state',
      message: `Every start of this VM begins from “${manifest.name}”.`,
      remedy: 'Let starts begin from the present again, then delete it.',
    });
  }
}
