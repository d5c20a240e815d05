// Another medium in a CD drive: at once when the VM runs, and for the next start.
import type { Disk, VmDefinition } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import { blockOptions } from '../../qemu/arguments/block.ts';
import { readImageHeader } from '../../qemu/image-header.ts';
import type { QmpClient } from '../../qemu/qmp.ts';
import { refuseNewErrors } from '../check.ts';
import type { LiveRun } from '../live-run.ts';
import type { Machine } from '../machine.ts';
import { resolveFile } from '../names.ts';
import { diskOf, whileLive } from './disk-of.ts';
import { deleteNode } from './hotplug.ts';
import { type LiveDrive, liveDrive } from './live-drive.ts';
import { noteLiveDisks } from './note-live.ts';

interface MediumRequest {
  revision: number;
  disk: string;
  file: string;
}

/** Throws Fault `not-found`, `conflict`, `bad-input`, `file-unusable`, `image-refused`; then the old medium is in. */
export function changeMedium(machine: Machine, request: MediumRequest): Promise<void> {
  return machine.edit(async () => {
    machine.require('edit');
    const { definition } = machine.context.library.atRevision(machine.id, request.revision).document;
    const { disk, index } = diskOf(machine, request.disk);
    if (disk.media !== 'cdrom') throw noDrive(index);
    const next = { ...disk, file: request.file, format: await formatOf(machine, request.file) };
    await refuseNewErrors(definition, withMedium(definition, next), { context: machine.context, machine });
    await insert(machine, next, request.revision);
    machine.changed();
  });
}

/** Discs are raw; one that says that it is qcow2 would be nothing else. */
async function formatOf(machine: Machine, file: string): Promise<Disk['format']> {
  const { format } = await readImageHeader(resolveFile(machine.directory, file));
  return format === 'qcow2' ? 'qcow2' : 'raw';
}

async function insert(machine: Machine, next: Disk, revision: number): Promise<void> {
  const save = () => machine.context.library.edit(machine.id, revision, (now) => withMedium(now, next));
  const run = machine.phase.kind === 'live' ? machine.phase.run : undefined;
  const drive = run && (await liveDrive(run.qmp, next.id));
  if (!run || !drive) {
    await save();
    return;
  }
  await whileLive(machine, () => insertLive(machine, run, { next, drive, save }));
}

async function insertLive(
  machine: Machine,
  run: LiveRun,
  { next, drive, save }: { next: Disk; drive: LiveDrive; save: () => Promise<unknown> },
): Promise<void> {
  const { qmp } = run;
  const node = await addMedium(qmp, machine, next);
  try {
    await save();
  } catch (error) {
    await deleteNode(qmp, node);
    throw error;
  }
  await swap(qmp, drive, node);
  if (drive.node !== null) await deleteNode(qmp, drive.node);
  await noteLiveDisks(machine, run, (disks) => disks.map((disk) => (disk.id === next.id ? next : disk)));
}

/** The new medium is opened before the old one goes. Node names with a dot cannot be another disk's. */
async function addMedium(qmp: QmpClient, machine: Machine, { id, file, format }: Disk): Promise<string> {
  const taken = new Set(
    (await qmp.execute<{ 'node-name'?: string }[]>('query-named-block-nodes', { flat: true })).map(
      (node) => node['node-name'],
    ),
  );
  let number = 1;
  while (taken.has(`${id}.m${number}`)) number++;
  const nodeName = `${id}.m${number}`;
  const image = { path: resolveFile(machine.directory, file), format };
  await qmp.execute('blockdev-add', blockOptions({ nodeName, image, readOnly: true }));
  return nodeName;
}

/** Forced: a guest that has the old medium mounted would keep the tray locked for ever. */
async function swap(qmp: QmpClient, { handle }: LiveDrive, node: string): Promise<void> {
  await qmp.execute('blockdev-open-tray', { ...handle, force: true });
  await qmp.execute('blockdev-remove-medium', handle);
  await qmp.execute('blockdev-insert-medium', { ...handle, 'node-name': node });
  await qmp.execute('blockdev-close-tray', handle);
}

function withMedium(definition: VmDefinition, next: Disk): VmDefinition {
  return { ...definition, disks: definition.disks.map((disk) => (disk.id === next.id ? next : disk)) };
}

function noDrive(index: number): Fault {
  return new Fault({
    code: 'bad-input',
    message: 'Only a CD drive takes another medium.',
    remedy: 'Add the image as another disk instead.',
    field: `/disks/${index}`,
  });
}
