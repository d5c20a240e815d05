// Which image files make up a disk: its newest layer and, one below the other, what each builds on. Pure.
import path from 'node:path';
import type { Disk, VmDefinition } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import type { NodeLayer, NodeLayers, VmDocument } from '../document.ts';
import type { Manifest } from './manifest.ts';

export interface LayerImage {
  /** Absolute. */
  path: string;
  format: 'qcow2' | 'raw';
}

/** What of a disk says which images it is made of. */
export type LayeredDisk = Pick<Disk, 'id' | 'file' | 'format'>;

/** A point in the tree: a snapshot, or the present. */
export interface TreeNode {
  parent: string | null;
  layers: NodeLayers;
}

export interface Tree {
  libraryDirectory: string;
  vmId: string;
  base: VmDocument['base'];
  manifests: ReadonlyMap<string, Manifest>;
}

/** Disks whose state a snapshot holds: what the guest can write to. */
export function isKept(disk: Disk): boolean {
  return disk.media === 'disk' && !disk.readOnly;
}

export const keptDisks = ({ disks }: Pick<VmDefinition, 'disks'>): Disk[] => disks.filter(isKept);

/** Disks that were taken out while their image stays: what was written to them lies in the node's layers, and they may come back. */
export function leftDisks(
  { layers }: Pick<TreeNode, 'layers'>,
  definition: Pick<VmDefinition, 'disks'>,
): LayeredDisk[] {
  const kept = keptDisks(definition);
  return (
    Object.entries(layers)
      // An image without a layer over it waits for nothing.
      .filter(([, { file, of }]) => file !== of)
      .filter(([id, { of }]) => !kept.some((disk) => disk.id === id && disk.file === of))
      .map(([id, { of, format }]) => ({ id, file: of, format }))
  );
}

/** What a snapshot of the node holds, and what grows from it has layers for. */
export function layeredDisks(
  node: Pick<TreeNode, 'layers'>,
  definition: Pick<VmDefinition, 'disks'>,
): LayeredDisk[] {
  const kept: LayeredDisk[] = keptDisks(definition);
  return [...kept, ...leftDisks(node, definition).filter(({ id }) => !kept.some((disk) => disk.id === id))];
}

/** What a node holds of a disk of its definition. */
export function layerOf({ layers }: Pick<TreeNode, 'layers'>, disk: LayeredDisk): NodeLayer {
  const layer = layers[disk.id];
  if (layer && layer.of === disk.file) return layer;
  return { file: disk.file, format: disk.format, of: disk.file, overlay: false };
}

/** Newest first; the first one is what the guest writes to. Throws Fault `damaged` when the tree has a hole. */
export function diskImages(tree: Tree, node: TreeNode, disk: LayeredDisk): LayerImage[] {
  const own = (layer: NodeLayer): LayerImage => ({
    path: path.resolve(tree.libraryDirectory, tree.vmId, layer.file),
    format: layer.format,
  });
  const images: LayerImage[] = [];
  let at: TreeNode = node;
  const seen = new Set<string>();
  for (;;) {
    const layer = layerOf(at, disk);
    images.push(own(layer));
    if (!layer.overlay) return images;
    if (at.parent === null) return [...images, ...baseImages(tree, disk)];
    const next = tree.manifests.get(at.parent);
    if (!next || seen.has(at.parent)) throw holeFault(disk.id, at.parent);
    seen.add(at.parent);
    at = next;
  }
}

function baseImages({ base, libraryDirectory }: Tree, disk: LayeredDisk): LayerImage[] {
  const layers = base?.layers[disk.id];
  if (!layers || layers.length === 0) throw holeFault(disk.id, 'base');
  return layers.map(({ vm, file, format }) => ({ path: path.resolve(libraryDirectory, vm, file), format }));
}

/** By disk id, for the disks that are more than their definition's file. */
export function chainsOf(
  tree: Tree,
  node: TreeNode,
  definition: VmDefinition,
): ReadonlyMap<string, LayerImage[]> {
  return new Map(
    keptDisks(definition).flatMap((disk) => {
      const layer = node.layers[disk.id];
      return layer?.of === disk.file ? [[disk.id, diskImages(tree, node, disk)] as const] : [];
    }),
  );
}

function holeFault(disk: string, detail: string): Fault {
  return new Fault({
    code: 'damaged',
    message: `A layer that the disk “${disk}” builds on is missing from the snapshot tree.`,
    remedy: 'Restore a snapshot that is whole, or bring the missing snapshot back from a backup.',
    detail,
  });
}
