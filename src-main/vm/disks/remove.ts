// A disk is taken out of a VM: unplugged where the running machine can, its image deleted when wished.
import { rm } from 'node:fs/promises';
import type { Disk } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import type { LiveRun } from '../live-run.ts';
import type { Machine } from '../machine.ts';
import { disksDirectory } from '../names.ts';
import { storing } from '../storage-fault.ts';
import { type DiskOfMachine, diskOf, isKeptBySnapshot, isOwnFile, whileLive, whileOff } from './disk-of.ts';
import { isDetachable, unplugDisk } from './hotplug.ts';
import { noteLiveDisks } from './note-live.ts';
import { moveDiskFile, unsettled } from './own-file.ts';

interface RemoveRequest {
  revision: number;
  disk: string;
  /** One of the user's own files, and one that a snapshot holds, stays anyway. */
  deleteImage: boolean;
}

/** Throws Fault `not-found`, `conflict`, `wrong-state`; then the disk is where it was. */
export function removeDisk(machine: Machine, request: RemoveRequest): Promise<void> {
  return machine.edit(async () => {
    machine.require('edit');
    machine.context.library.atRevision(machine.id, request.revision);
    const { phase } = machine;
    if (phase.kind === 'live') await whileLive(machine, () => removeLive(machine, phase.run, request));
    else await whileOff(machine, () => leave(machine, diskOf(machine, request.disk), request));
    machine.changed();
  });
}

async function removeLive(machine: Machine, run: LiveRun, request: RemoveRequest): Promise<void> {
  const found = diskOf(machine, request.disk);
  const { disk } = found;
  const inUse = run.record.document.definition.disks.some(({ id }) => id === disk.id);
  if (inUse && !(await isDetachable(machine, disk))) {
    if (request.deleteImage) throw stillInUse(found.index);
    // It goes with the next start.
    return leave(machine, found, request);
  }
  if (inUse) {
    await unplugDisk(run, disk, found.chain);
    await noteLiveDisks(machine, run, (disks) => disks.filter(({ id }) => id !== disk.id));
  }
  await leave(machine, found, request);
}

async function leave(
  machine: Machine,
  { disk, chain }: DiskOfMachine,
  { revision, deleteImage }: RemoveRequest,
): Promise<void> {
  const [top, ...below] = chain;
  const own = deleteImage && isOwnFile(machine, disk.file) && !isKeptBySnapshot(machine, disk.file);
  // Renamed first: after a crash the document says whether it comes back or goes.
  const renamed = own && below.length === 0 && disk.file.startsWith(`${disksDirectory}/`);
  const move = (from: string, to: string) =>
    storing('removing the disk', machine.directory, () => moveDiskFile(machine.directory, from, to));
  if (renamed) await move(disk.file, unsettled(disk.file));
  try {
    await save(machine, revision, disk, deleteImage);
  } catch (error) {
    if (renamed) await move(unsettled(disk.file), disk.file);
    throw error;
  }
  if (!deleteImage) return;
  if (renamed) await rm(`${top.path}${unsettled('')}`, { force: true });
  else if (below.length > 0 && isOwnFile(machine, top.path) && !isKeptBySnapshot(machine, top.path)) {
    await rm(top.path, { force: true });
  }
}

async function save(machine: Machine, revision: number, disk: Disk, forget: boolean): Promise<void> {
  const { library } = machine.context;
  library.atRevision(machine.id, revision);
  await library.place(machine.id, ({ definition, present }) => {
    const { [disk.id]: layer, ...layers } = present.layers;
    const without = { ...definition, disks: definition.disks.filter(({ id }) => id !== disk.id) };
    return { definition: without, ...(layer && forget && { present: { ...present, layers } }) };
  });
}

function stillInUse(index: number): Fault {
  return new Fault({
    code: 'wrong-state',
    message: 'The running machine uses this disk and cannot let go of it: its image cannot be deleted now.',
    remedy: 'Shut the VM down first, or remove the disk and keep its image.',
    field: `/disks/${index}`,
  });
}
