// The present's own layers: made fresh over a snapshot (or over what the present held so far), and dropped.
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { VmDefinition } from '../../contract/definition.ts';
import type { QemuCapabilities } from '../../contract/qemu.ts';
import { allOf } from '../../lib/all-of.ts';
import { createOverlay } from '../../qemu/overlay.ts';
import type { NodeLayers, Present } from '../document.ts';
import type { Machine } from '../machine.ts';
import { snapshotDirectory, snapshotLayerFile } from '../names.ts';
import { imgOf } from '../provision.ts';
import { storing } from '../storage-fault.ts';
import { snapshotFiles } from './frozen.ts';
import { diskImages, type LayeredDisk, layeredDisks, layerOf, type Tree, type TreeNode } from './layers.ts';

/** A node's layers, also those that are their definition's file alone. */
export function settledLayers(node: Pick<TreeNode, 'layers'>, definition: VmDefinition): NodeLayers {
  return Object.fromEntries(layeredDisks(node, definition).map((disk) => [disk.id, layerOf(node, disk)]));
}

/** A present with empty layers for `disks` on top of `parent`, which may not be a snapshot yet. */
export function planPresent(parent: string, disks: readonly LayeredDisk[]): Present & { id: string } {
  const id = randomUUID();
  const layers = disks.map((disk) => [
    disk.id,
    {
      file: snapshotLayerFile(id, disk.id),
      format: 'qcow2' as const,
      of: disk.file,
      overlay: true,
    },
  ]);
  return { id, parent, layers: Object.fromEntries(layers) };
}

/** Makes the files of a planned present. `below`: what it builds on. Nothing is left of it when it fails. */
export async function makePresent(
  machine: Machine,
  present: Present & { id: string },
  below: TreeNode & { definition: VmDefinition },
  qemu: QemuCapabilities,
): Promise<void> {
  try {
    await storing('the new layers of the disks', machine.directory, () =>
      mkdir(path.join(machine.directory, snapshotDirectory(present.id)), { recursive: true, mode: 0o700 }),
    );
    const disks = layeredDisks(below, below.definition);
    await makeLayers(machine.directory, present.id, { tree: machine.tree, below, disks, qemu });
  } catch (error) {
    await removePresentDirectory(machine, present.id);
    throw error;
  }
}

/** Empty layers over what `below` holds in its `tree`, for the VM in `directory`, whose present has a directory already. */
export async function makeLayers(
  directory: string,
  presentId: string,
  {
    tree,
    below,
    disks,
    qemu,
  }: { tree: Tree; below: TreeNode; disks: readonly LayeredDisk[]; qemu: QemuCapabilities },
): Promise<void> {
  if (disks.length === 0) return;
  const imgPath = imgOf(qemu);
  // A fault of one is told when none of the others is under way any more.
  await allOf(
    disks.map(async (disk) => {
      const target = path.join(directory, snapshotLayerFile(presentId, disk.id));
      await createOverlay({ target, chain: diskImages(tree, below, disk), imgPath });
    }),
  );
}

export function removePresentDirectory(machine: Machine, id: string): Promise<void> {
  return rm(path.join(machine.directory, snapshotDirectory(id)), { recursive: true, force: true });
}

/** The present (with all of its layers named) is given up: its layers go, but never a file of the user's own, and never one that a snapshot holds. */
export async function dropPresent(machine: Machine, present: Present): Promise<void> {
  const held = snapshotFiles(machine);
  for (const { file } of Object.values(present.layers)) {
    if (path.isAbsolute(file) || held.has(path.join(machine.directory, file))) continue;
    await rm(path.join(machine.directory, file), { force: true });
  }
  if (present.id !== null && !machine.snapshots.manifests.has(present.id)) {
    await removePresentDirectory(machine, present.id);
  }
}
