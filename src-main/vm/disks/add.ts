// Another disk for a VM: its image is made first; then it is plugged in where the running machine can, and saved.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Disk, VmDefinition } from '../../contract/definition.ts';
import type { DiskSource } from '../../contract/disk.ts';
import { Fault } from '../../contract/fault.ts';
import type { Provision } from '../../contract/vm.ts';
import { importImage } from '../../images/import.ts';
import { createDisk } from '../../qemu/image.ts';
import { refuseNewErrors } from '../check.ts';
import type { Present } from '../document.ts';
import type { JobHandle } from '../jobs.ts';
import type { LiveRun } from '../live-run.ts';
import type { Machine } from '../machine.ts';
import { resolveFile } from '../names.ts';
import { imgOf, importingIn } from '../provision.ts';
import { diskImages, type LayerImage, leftDisks } from '../snapshots/layers.ts';
import { storing } from '../storage-fault.ts';
import { whileLive, whileOff } from './disk-of.ts';
import { canPlug, plugDisk, unplugDisk } from './hotplug.ts';
import { noteLiveDisks } from './note-live.ts';
import { freeDiskFile, moveDiskFile, unsettled } from './own-file.ts';

interface AddRequest {
  revision: number;
  /** `file` is settled by the source. */
  disk: Disk;
  source: DiskSource;
}

/**
 * Throws Fault `conflict`, `bad-input`, `wrong-state`, `file-unusable`, `image-refused`, `disk-full`, `cancelled`; then
 * nothing was changed and no image is left.
 */
export async function addDisk(machine: Machine, request: AddRequest): Promise<void> {
  machine.require('edit');
  const { source, revision } = request;
  const { definition: before, present } = machine.context.library.atRevision(machine.id, revision).document;
  const id = freeDiskId(request, before, present);
  const file =
    source.kind === 'in-place' ? source.file : await freeDiskFile(machine.directory, id, request.disk.format);
  const disk = { ...request.disk, id, file };
  const scope = { context: machine.context, machine };
  await refuseNewErrors(before, withDisk(before, disk), scope, provisionsFor(disk, source));
  if (source.kind === 'in-place') return machine.edit(() => comeIn(machine, revision, disk, 'in-place'));
  const image = path.join(machine.directory, unsettled(file));
  try {
    await machine.context.jobs.run(
      {
        kind: source.kind === 'import' ? 'import' : 'create',
        vm: machine.id,
        title: `Adding the disk ${disk.id}`,
      },
      async (job) => {
        await makeImage(machine, disk, source, image, job);
        job.settle(false);
        await machine.edit(() => comeIn(machine, revision, disk, 'made'));
      },
    );
  } catch (error) {
    await rm(image, { force: true });
    throw error;
  }
}

/** Room for a number behind it, within the length of an id. */
const longestStem = 16;

/** Another one where the id leads to the layers of a disk that was taken out: those wait for its own image. */
function freeDiskId({ disk, source }: AddRequest, definition: VmDefinition, present: Present): string {
  const left = leftDisks(present, definition);
  const waits = (id: string) =>
    left.some((other) => other.id === id && !(source.kind === 'in-place' && other.file === source.file));
  if (!waits(disk.id)) return disk.id;
  for (let number = 1; ; number += 1) {
    const id = `${disk.id.slice(0, longestStem)}-${number}`;
    if (!waits(id) && !definition.disks.some((other) => other.id === id)) return id;
  }
}

/** For the rules: what the disk will hold. */
function provisionsFor({ id: diskId }: Disk, source: DiskSource): Provision[] {
  switch (source.kind) {
    case 'new':
      return [{ kind: 'new-disk', diskId, sizeBytes: source.sizeBytes }];
    case 'import':
      return [{ kind: 'copy-disk', diskId, from: source.from }];
    case 'in-place':
      return [];
  }
}

async function makeImage(
  machine: Machine,
  { format }: Disk,
  source: Exclude<DiskSource, { kind: 'in-place' }>,
  image: string,
  job: JobHandle,
): Promise<void> {
  const imgPath = imgOf(await machine.context.finder.require());
  if (source.kind === 'new') await createDisk(image, source.sizeBytes, { format, imgPath });
  else await importImage(source.from, image, { format, imgPath, ...importingIn(job) });
}

/** In the turn of edits. `made`: the image lies beside, under its unsettled name. */
async function comeIn(
  machine: Machine,
  revision: number,
  disk: Disk,
  image: 'made' | 'in-place',
): Promise<void> {
  machine.require('edit');
  machine.context.library.atRevision(machine.id, revision);
  const { phase } = machine;
  if (phase.kind !== 'live') {
    await whileOff(machine, async () => {
      await save(machine, revision, disk);
      if (image === 'made') await settle(machine, disk);
    });
    return machine.changed();
  }
  await whileLive(machine, () => comeInLive(machine, phase.run, revision, disk, image));
}

async function comeInLive(
  machine: Machine,
  run: LiveRun,
  revision: number,
  disk: Disk,
  image: 'made' | 'in-place',
): Promise<void> {
  const plugged = await canPlug(machine, disk);
  if (image === 'made') await settle(machine, disk);
  try {
    if (plugged) await plugDisk(run, disk, imagesOf(machine, disk));
    try {
      await save(machine, revision, disk);
    } catch (error) {
      if (plugged) await unplugDisk(run, disk, imagesOf(machine, disk));
      throw error;
    }
  } catch (error) {
    if (image === 'made') await rm(resolveFile(machine.directory, disk.file), { force: true });
    throw error;
  }
  if (plugged) await noteLiveDisks(machine, run, (disks) => [...disks, disk]);
  else machine.changed();
}

function settle(machine: Machine, { file }: Disk): Promise<void> {
  return storing('adding the disk', machine.directory, () =>
    moveDiskFile(machine.directory, unsettled(file), file),
  );
}

async function save(machine: Machine, revision: number, disk: Disk): Promise<void> {
  await machine.context.library.edit(machine.id, revision, (definition) => withDisk(definition, disk));
}

function withDisk(definition: VmDefinition, disk: Disk): VmDefinition {
  if (definition.disks.some(({ id }) => id === disk.id)) {
    throw new Fault({
      code: 'bad-input',
      message: `The VM has a disk with the name ${disk.id} already.`,
      remedy: 'Choose another name for the new one.',
      field: '/disks',
    });
  }
  return { ...definition, disks: [...definition.disks, disk] };
}

/** One that was taken out and comes back has its layers still. */
function imagesOf(machine: Machine, disk: Disk): LayerImage[] {
  const { present } = machine.context.library.usable(machine.id).document;
  return diskImages(machine.tree, present, disk);
}
