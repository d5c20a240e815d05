// Fills a new VM's directory: empty disks, copies of the user's images, the sample program.
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import type { Disk, VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import type { Provision } from '../contract/vm.ts';
import { type ImportOptions, importImage } from '../images/import.ts';
import { createDisk } from '../qemu/image.ts';
import type { JobHandle } from './jobs.ts';
import { newDiskFile, sampleFile } from './names.ts';

export const sampleProgram = {
  /** As a definition names it. */
  file: sampleFile,
  resource: (resourcesDirectory: string) => path.join(resourcesDirectory, 'sample', 'sample-virt.elf'),
};

export interface ProvisionContext {
  /** The new VM's directory. */
  directory: string;
  resourcesDirectory: string;
  qemu: QemuCapabilities;
  job: JobHandle;
}

/** Resolves to the definition with the files that came to be. Throws `Fault`s of images/import.ts and qemu/image.ts. */
export async function provisionVm(
  definition: VmDefinition,
  provisions: readonly Provision[],
  context: ProvisionContext,
): Promise<VmDefinition> {
  let settled = definition;
  for (const provision of provisions) {
    context.job.signal.throwIfAborted();
    if (provision.kind === 'sample') {
      const target = path.join(context.directory, sampleProgram.file);
      await copyFile(sampleProgram.resource(context.resourcesDirectory), target);
    } else {
      settled = withDisk(
        settled,
        await provideDisk(diskOf(definition, provision.diskId), provision, context),
      );
    }
  }
  return settled;
}

async function provideDisk(
  disk: Disk,
  provision: Exclude<Provision, { kind: 'sample' }>,
  context: ProvisionContext,
): Promise<Disk> {
  const file = newDiskFile(disk.id, disk.format);
  const target = path.join(context.directory, file);
  if (provision.kind === 'new-disk') {
    await createDisk(target, provision.sizeBytes, { format: disk.format, imgPath: imgOf(context.qemu) });
  } else {
    await importImage(provision.from, target, {
      format: disk.format,
      imgPath: imgOf(context.qemu),
      ...importingIn(context.job),
    });
  }
  return { ...disk, file };
}

/** What an import tells its job. */
export function importingIn(job: JobHandle): Pick<ImportOptions, 'signal' | 'onProgress' | 'onStep'> {
  return {
    signal: job.signal,
    onProgress: (percent) => job.progress(percent),
    onStep: (title) => job.retitle(title),
  };
}

function diskOf(definition: VmDefinition, diskId: string): Disk {
  const disk = definition.disks.find(({ id }) => id === diskId);
  if (disk) return disk;
  throw new Fault({
    code: 'bad-input',
    message: `There is no disk “${diskId}” in the VM's description.`,
    remedy: 'Add the disk, or leave its file out.',
    field: '/disks',
  });
}

function withDisk(definition: VmDefinition, disk: Disk): VmDefinition {
  return { ...definition, disks: definition.disks.map((other) => (other.id === disk.id ? disk : other)) };
}

/** Throws Fault `qemu-missing`. */
export function imgOf(qemu: QemuCapabilities): string {
  if (qemu.imgPath !== undefined) return qemu.imgPath;
  throw new Fault({
    code: 'qemu-missing',
    message: 'There is no qemu-img beside the QEMU in use, and disks cannot be made without it.',
    remedy: 'Install the package qemu-utils, or use the QEMU that comes with Armoire.',
  });
}
