// A disk in another format: a new image that stands alone takes the place of the old one, which a snapshot keeps.

import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Disk } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import { requireRoom } from '../../images/room.ts';
import { copyChain } from '../../qemu/image.ts';
import { measureChain } from '../../qemu/image-upkeep.ts';
import type { JobHandle } from '../jobs.ts';
import type { Machine } from '../machine.ts';
import { imgOf } from '../provision.ts';
import { takeInHold } from '../snapshots/take.ts';
import { diskOf, isOwnFile, requireWritable, whileOff } from './disk-of.ts';
import { freeDiskFile, moveDiskFile, unsettled } from './own-file.ts';

interface ConvertRequest {
  disk: string;
  format: 'qcow2' | 'raw';
}

/** Throws Fault `not-found`, `bad-input`, `wrong-state`, `disk-full`, `cancelled`; then the disk is as it was. */
export async function convertDisk(machine: Machine, request: ConvertRequest): Promise<void> {
  const found = diskOf(machine, request.disk);
  requireWritable(found);
  if (machine.phase.kind !== 'off') throw notWhileRunning();
  machine.require('edit');
  const what = `${request.disk} to ${request.format}`;
  await whileOff(machine, async () => {
    await takeInHold(machine, { name: `Before converting ${what}`, note: '', origin: 'automatic' });
    await machine.context.jobs.run(
      { kind: 'convert-disk', vm: machine.id, title: `Converting ${what}` },
      (job) => convertAtRest(machine, request, job),
    );
  });
  machine.changed();
}

async function convertAtRest(
  machine: Machine,
  { disk: id, format }: ConvertRequest,
  job: JobHandle,
): Promise<void> {
  const { signal } = job;
  const imgPath = imgOf(await machine.context.finder.require());
  const { disk, chain } = diskOf(machine, id);
  const file = await freeDiskFile(machine.directory, id, format);
  const target = path.join(machine.directory, unsettled(file));
  await requireRoom(machine.directory, await measureChain(chain, { imgPath, signal }));
  await copyChain(chain, target, {
    imgPath,
    targetFormat: format,
    signal,
    onProgress: (percent) => job.progress(percent),
  });
  try {
    job.settle(false);
    await putInPlace(machine, disk, { ...disk, file, format });
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
  await moveDiskFile(machine.directory, unsettled(file), file);
  await dropLayer(machine, disk, chain);
}

/** The present's layer of the old image is nobody's any more: snapshots hold what is below it. */
async function putInPlace(machine: Machine, before: Disk, next: Disk): Promise<void> {
  await machine.context.library.place(machine.id, ({ definition, present }) => {
    const { [before.id]: _, ...layers } = present.layers;
    const disks = definition.disks.map((other) => (other.id === before.id ? next : other));
    return { definition: { ...definition, disks }, present: { ...present, layers } };
  });
}

async function dropLayer(machine: Machine, before: Disk, chain: readonly { path: string }[]): Promise<void> {
  const [top] = chain;
  if (!top || chain.length < 2 || !isOwnFile(machine, top.path)) return;
  await rm(top.path, { force: true });
  await machine.log.note(`${before.id} was converted; its old image stays with the snapshots.`);
}

function notWhileRunning(): Fault {
  return new Fault({
    code: 'wrong-state',
    message: 'A disk cannot be converted while the VM runs.',
    remedy: 'Shut the VM down first.',
  });
}
