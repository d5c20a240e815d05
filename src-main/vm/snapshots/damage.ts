// Whether a snapshot is whole: every file that it needs is there and is what it was.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Fault, type FaultData } from '../../contract/fault.ts';
import { unlessMissing } from '../../lib/errno.ts';
import { readImageHeader } from '../../qemu/image-header.ts';
import type { Machine } from '../machine.ts';
import { snapshotDirectory, snapshotVariablesFile } from '../names.ts';
import { diskImages, keptDisks, type LayerImage } from './layers.ts';
import type { Manifest } from './manifest.ts';
import { changedSince, type StampChange } from './stamps.ts';

const remedy = 'Bring the file back from a backup, or restore another snapshot.';

/** Of its memory see memory.ts: without it the disks can still be had. */
export async function damageOf(machine: Machine, manifest: Manifest): Promise<FaultData | undefined> {
  const directory = path.join(machine.directory, snapshotDirectory(manifest.id));
  const { variables, definition } = manifest;
  const missing = (what: string, file: string): FaultData => ({
    code: 'damaged',
    message: `${what} of the snapshot “${manifest.name}” is missing or damaged.`,
    remedy,
    detail: file,
  });
  if (variables) {
    const file = path.join(directory, snapshotVariablesFile(variables));
    if (!(await unlessMissing(stat(file)))) return missing('The firmware’s variables', file);
  }
  try {
    for (const disk of keptDisks(definition)) {
      for (const image of diskImages(machine.tree, manifest, disk)) {
        if (!(await isWhole(image))) return missing(`A layer of the disk “${disk.id}”`, image.path);
      }
    }
  } catch (error) {
    if (error instanceof Fault) return error.data;
    throw error;
  }
  const changed = await changedBelow(machine, manifest);
  if (!changed) return undefined;
  return {
    code: 'damaged',
    message: `${changed.file}, on which the snapshot “${manifest.name}” builds, ${changed.how === 'missing' ? 'is not there any more' : 'was changed since'}.`,
    remedy: 'Put the file back as it was, or restore another snapshot.',
    detail: changed.file,
  };
}

/** In it, or in one that it builds on. */
async function changedBelow(machine: Machine, manifest: Manifest): Promise<StampChange | undefined> {
  let node: Manifest | undefined = manifest;
  while (node) {
    const changed = await changedSince(machine.directory, node.stamps);
    if (changed) return changed;
    const { layers, parent }: Manifest = node;
    const goesOn = Object.values(layers).some(({ overlay }) => overlay);
    node = goesOn && parent !== null ? machine.snapshots.manifests.get(parent) : undefined;
  }
  return undefined;
}

/** A qcow2 layer that was cut off or overwritten shows at its header; the guest's data is not looked at. */
async function isWhole({ path: file, format }: LayerImage): Promise<boolean> {
  const facts = await unlessMissing(stat(file));
  if (!facts?.isFile()) return false;
  if (format === 'raw') return true;
  return (await readImageHeader(file)).format === 'qcow2';
}

/** Throws Fault `not-found`, `damaged`. */
export async function usableSnapshot(machine: Machine, id: string): Promise<Manifest> {
  const manifest = machine.snapshots.require(id);
  const damage = await damageOf(machine, manifest);
  if (damage) throw new Fault(damage);
  return manifest;
}
