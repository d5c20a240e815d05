// Hidden snapshots: layers that nobody wants any more are merged into the one state that builds on them, or removed.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { requireRoom } from '../../images/room.ts';
import {
  allocatedBytes,
  commitAtRest,
  type MergeOptions,
  mergeAtRest,
  mergeLive,
  nodesByFile,
  virtualBytes,
} from '../../qemu/layered-image.ts';
import type { NodeLayer } from '../document.ts';
import type { Machine } from '../machine.ts';
import { disksDirectory } from '../names.ts';
import { filesOfSnapshot, snapshotFiles } from './frozen.ts';
import { diskImages, keptDisks, type LayeredDisk, layerOf, leftDisks, type TreeNode } from './layers.ts';
import type { Manifest } from './manifest.ts';
import { stampFiles } from './stamps.ts';

/**
 * Layer files of this VM (relative) that other VMs build on, or that are being copied. `unborn`: also VMs that build on
 * what is still being written.
 */
export function pinnedFiles(machine: Machine, { unborn = true }: { unborn?: boolean } = {}): Set<string> {
  const files = new Set<string>();
  const allFiles = [...machine.snapshots.manifests.values()].flatMap(({ layers }) =>
    Object.values(layers).map(({ file }) => file),
  );
  for (const { id, record } of machine.context.machines()) {
    if (id === machine.id || (!unborn && machine.context.library.isUnborn(id))) continue;
    if (record.kind === 'damaged') {
      // Which of them it needs cannot be read any more.
      if (record.mentions.includes(machine.id)) for (const file of allFiles) files.add(file);
      continue;
    }
    for (const layers of Object.values(record.document.base?.layers ?? {})) {
      for (const layer of layers) if (layer.vm === machine.id) files.add(layer.file);
    }
  }
  const { read, manifests } = machine.snapshots;
  for (const id of read) {
    let node = manifests.get(id);
    while (node) {
      for (const { file } of Object.values(node.layers)) files.add(file);
      node = node.parent === null ? undefined : manifests.get(node.parent);
    }
  }
  return files;
}

/** A state that builds directly on a snapshot: another one, or the present. */
type Child = { kind: 'snapshot'; manifest: Manifest } | { kind: 'present' };

function childrenOf(machine: Machine, id: string): Child[] {
  const { document } = machine.context.library.usable(machine.id);
  return [
    ...machine.snapshots.childrenOf(id).map((manifest): Child => ({ kind: 'snapshot', manifest })),
    ...(document.present.parent === id ? [{ kind: 'present' } as const] : []),
  ];
}

function nodeOf(machine: Machine, child: Child): TreeNode & { definition: Manifest['definition'] } {
  if (child.kind === 'snapshot') return child.manifest;
  const { document } = machine.context.library.usable(machine.id);
  const definition =
    machine.phase.kind === 'live' ? machine.phase.run.record.document.definition : document.definition;
  return { ...document.present, definition };
}

/**
 * Removes hidden snapshots on which nothing builds, and merges those on which one state does; until none is left or
 * all that are left have to wait (for a clone to go, for a QEMU to end). Throws what merging throws; nothing is lost.
 */
export async function collectHidden(machine: Machine, options: MergeOptions = {}): Promise<void> {
  // A start that is under way has chosen its chain; of a snapshot that cannot be read nobody knows what it needs.
  if (['unknown', 'starting'].includes(machine.phase.kind) || machine.snapshots.damaged.size > 0) return;
  for (;;) {
    const next = findCollectable(machine);
    if (!next) return;
    if (next.child && !(await mergeInto(machine, next.hidden, next.child, options))) return;
    await removeNode(machine, next.hidden);
  }
}

function findCollectable(machine: Machine): { hidden: Manifest; child: Child | undefined } | undefined {
  const pinned = pinnedFiles(machine);
  for (const hidden of machine.snapshots.manifests.values()) {
    if (!hidden.hidden || Object.values(hidden.layers).some(({ file }) => pinned.has(file))) continue;
    const children = childrenOf(machine, hidden.id);
    const [child] = children;
    if (children.length > 1) continue;
    if (child && Object.values(nodeOf(machine, child).layers).some(({ file }) => pinned.has(file))) continue;
    if (child && waitsForEnd(machine, hidden, child)) continue;
    return { hidden, child };
  }
  return undefined;
}

/** A file of the user's own gets its changes back, which a QEMU that has it open cannot be asked for safely. */
function waitsForEnd(machine: Machine, hidden: Manifest, child: Child): boolean {
  return (
    machine.phase.kind !== 'off' &&
    disksOf(nodeOf(machine, child)).some((disk) => {
      const below = layerBelow(hidden, layerOf(nodeOf(machine, child), disk), disk);
      return below !== undefined && path.isAbsolute(below.file);
    })
  );
}

function disksOf(node: TreeNode & Pick<Manifest, 'definition'>): LayeredDisk[] {
  return [...keptDisks(node.definition), ...leftDisks(node, node.definition)];
}

/** What `layer` builds on in `node`; undefined: nothing. */
function layerBelow({ layers }: Manifest, layer: NodeLayer, disk: LayeredDisk): NodeLayer | undefined {
  if (!layer.overlay) return undefined;
  return layers[disk.id];
}

/** Resolves to false when it has to wait. The child holds everything that it needs when this resolves to true. */
async function mergeInto(
  machine: Machine,
  hidden: Manifest,
  child: Child,
  options: MergeOptions,
): Promise<boolean> {
  const node = nodeOf(machine, child);
  const layers = { ...node.layers };
  const spent: string[] = [];
  for (const disk of disksOf(node)) {
    const layer = layerOf(node, disk);
    const below = layerBelow(hidden, layer, disk);
    if (!below) continue;
    if (await belongsBelow(machine, layer, below)) {
      await commitDown(machine, node, disk, options);
      layers[disk.id] = { ...below, of: disk.file };
      spent.push(layer.file);
    } else {
      await pullUp(machine, node, disk, options);
      layers[disk.id] = { ...layer, overlay: below.overlay };
    }
  }
  await machine.reached('delete:merged');
  await moveOn(machine, child, hidden.parent, layers);
  await machine.reached('delete:moved-on');
  for (const file of spent) await rm(path.join(machine.directory, file), { force: true });
  return true;
}

/** Small changes go down into a large base that nobody else needs; a file of the user's own gets them whatever their size. */
async function belongsBelow(machine: Machine, layer: NodeLayer, below: NodeLayer): Promise<boolean> {
  if (below.overlay || machine.phase.kind !== 'off') return false;
  const image = ({ file, format }: NodeLayer) => ({ path: path.resolve(machine.directory, file), format });
  // A disk that was made smaller would have its old size again.
  if ((await virtualBytes(image(layer))) < (await virtualBytes(image(below)))) return false;
  if (path.isAbsolute(below.file)) return true;
  if (!below.file.startsWith(`${disksDirectory}/`)) return false;
  return (await allocatedBytes(image(layer).path)) <= (await allocatedBytes(image(below).path));
}

async function programOf(machine: Machine): Promise<string> {
  return (await machine.context.finder.require()).path;
}

async function commitDown(
  machine: Machine,
  node: TreeNode,
  disk: LayeredDisk,
  options: MergeOptions,
): Promise<void> {
  await commitAtRest(await programOf(machine), diskImages(machine.tree, node, disk).slice(0, 2), options);
}

async function pullUp(
  machine: Machine,
  node: TreeNode,
  disk: LayeredDisk,
  options: MergeOptions,
): Promise<void> {
  const chain = diskImages(machine.tree, node, disk);
  await requireRoom(machine.directory, await allocatedBytes(chain[1]?.path ?? ''), 'Merging the disk');
  const run = machine.phase.kind === 'live' ? machine.phase.run : undefined;
  if (run && (await nodesByFile(run.qmp)).has(chain[0]?.path ?? '')) {
    await mergeLive(run.qmp, { chain, keepFrom: 2 }, options);
  } else {
    await mergeAtRest(await programOf(machine), { chain, keepFrom: 2 }, options);
  }
}

/** One write: the child builds on its grandparent from here on. */
async function moveOn(
  machine: Machine,
  child: Child,
  parent: string | null,
  layers: Record<string, NodeLayer>,
): Promise<void> {
  if (child.kind === 'snapshot') {
    const { manifest } = child;
    const stamps = await stampFiles(machine.directory, layers, manifest.definition);
    await machine.snapshots.change(manifest.id, { parent, layers, stamps });
    return;
  }
  await machine.context.library.place(machine.id, ({ present }) => ({
    present: { ...present, parent, layers },
  }));
}

/** With its layers, wherever they lie; but no file of the user's own, and none that another state has taken over. */
async function removeNode(machine: Machine, { id, layers }: Manifest): Promise<void> {
  const { document } = machine.context.library.usable(machine.id);
  const held = snapshotFiles(machine, id);
  const { present } = document;
  const running = machine.phase.kind === 'live' ? [machine.phase.run.record.document.definition] : [];
  for (const definition of [document.definition, ...running]) {
    for (const file of filesOfSnapshot({ layers: present.layers, definition })) {
      held.add(path.resolve(machine.directory, file));
    }
  }
  for (const { file } of Object.values(layers)) {
    if (path.isAbsolute(file) || held.has(path.join(machine.directory, file))) continue;
    await rm(path.join(machine.directory, file), { force: true });
  }
  await machine.snapshots.remove(id);
  await machine.reached('delete:removed');
}
