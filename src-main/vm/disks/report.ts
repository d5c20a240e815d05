// What a VM's disks are made of and take on this computer's disk.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Disk } from '../../contract/definition.ts';
import type { DiskReport, DiskUse } from '../../contract/disk.ts';
import { Fault } from '../../contract/fault.ts';
import { unlessMissing } from '../../lib/errno.ts';
import { listTree } from '../../lib/file-tree.ts';
import { virtualSize } from '../../qemu/image-upkeep.ts';
import type { Machine } from '../machine.ts';
import { snapshotsDirectory } from '../names.ts';
import { diskOf, isOwnFile } from './disk-of.ts';
import { hotplugBuses, isDetachable } from './hotplug.ts';

/** Throws Fault `not-found`, `damaged`. */
export async function diskReport(machine: Machine): Promise<DiskReport> {
  const { definition, present } = machine.context.library.usable(machine.id).document;
  const buses = await hotplugBuses(machine);
  const { bytes } = await machine.context.library.contents(machine.id);
  const snapshots = path.join(machine.directory, snapshotsDirectory);
  const kept = await listTree(snapshots);
  return {
    disks: await Promise.all(definition.disks.map((disk) => diskUse(machine, disk))),
    totalBytes: bytes,
    snapshotBytes: kept
      .filter((file) => file.path.split(path.sep)[0] !== present.id)
      .reduce((sum, file) => sum + file.allocatedBytes, 0),
    hotplugBuses: buses,
  };
}

async function diskUse(machine: Machine, disk: Disk): Promise<DiskUse> {
  const nothing = {
    id: disk.id,
    file: disk.file,
    format: disk.format,
    virtualBytes: 0,
    ownBytes: 0,
    layers: [],
  };
  const detachable = await isDetachable(machine, disk);
  try {
    const { chain } = diskOf(machine, disk.id);
    const [top, ...below] = chain;
    return {
      id: disk.id,
      file: shown(machine, top.path),
      format: top.format,
      virtualBytes: await virtualSize(chain),
      ownBytes: await allocated(top.path),
      layers: await Promise.all(
        below.map(async ({ path: file }) => ({ file: shown(machine, file), bytes: await allocated(file) })),
      ),
      detachable,
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...nothing, detachable, fault: error.message };
  }
}

const shown = (machine: Machine, file: string) =>
  isOwnFile(machine, file) ? path.relative(machine.directory, file) : file;

/** Blocks of stat(2) have 512 bytes whatever the file system's are. Throws Fault `file-unusable`. */
async function allocated(file: string): Promise<number> {
  const facts = await unlessMissing(stat(file));
  if (facts) return facts.blocks * 512;
  throw new Fault({
    code: 'file-unusable',
    message: `${file} is not there.`,
    remedy: 'Put the file back, or restore a snapshot that is whole.',
  });
}
