// The snapshot tree as it is shown: sizes, who builds on what, what can be restored here.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Json } from '../../contract/json.ts';
import type { SettingChange, SnapshotDetail, SnapshotTree, SnapshotView } from '../../contract/snapshot.ts';
import { unlessMissing } from '../../lib/errno.ts';
import { follow } from '../../lib/feed.ts';
import { listTree } from '../../lib/file-tree.ts';
import { allocatedBytes } from '../../qemu/layered-image.ts';
import type { NodeLayers } from '../document.ts';
import type { Machine } from '../machine.ts';
import {
  snapshotConsoleFile,
  snapshotDirectory,
  snapshotManifestFile,
  snapshotScreenFile,
} from '../names.ts';
import { damageOf } from './damage.ts';
import { usersOf } from './delete.ts';
import { internalSnapshots } from './internal.ts';
import type { Manifest } from './manifest.ts';
import { snapshotMemoryFault } from './memory.ts';
import { settledLayers } from './present.ts';

/** Throws Fault `damaged` for a VM whose description cannot be read. */
export async function treeOf(machine: Machine): Promise<SnapshotTree> {
  const { document } = machine.context.library.usable(machine.id);
  const { present, definition, resetTo } = document;
  return {
    vm: machine.id,
    snapshots: await Promise.all(machine.snapshots.visible.map((manifest) => viewOf(machine, manifest))),
    present: {
      parent: visibleParent(machine, present.parent),
      bytes: await layerBytes(machine, settledLayers(present, definition)),
    },
    resetTo,
    damaged: [...machine.snapshots.damaged].map((id) =>
      path.join(machine.directory, snapshotDirectory(id), snapshotManifestFile),
    ),
    internal: await internalSnapshots(machine, definition),
  };
}

const backlog = 1;

/** The tree, again after every change; a reader who is slow gets the newest. */
export function watchTree(
  machine: Machine,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<SnapshotTree, void, undefined> {
  const ticks = follow(machine.snapshots.changes, {
    signal,
    whole: () => 'changed' as const,
    limit: backlog,
  });
  return {
    async next() {
      const tick = await ticks.next();
      return tick.done ? tick : { done: false, value: await treeOf(machine) };
    },
    async return() {
      await ticks.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Throws Fault `not-found`. */
export function snapshotView(machine: Machine, id: string): Promise<SnapshotView> {
  return viewOf(machine, machine.snapshots.require(id));
}

async function viewOf(machine: Machine, manifest: Manifest): Promise<SnapshotView> {
  const { id, name, note, createdAt, origin, memory, definition, qemuVersion } = manifest;
  const extras = await extraBytes(machine, id);
  const layers = await layerBytes(machine, manifest.layers);
  const mismatch = await snapshotMemoryFault(machine, manifest);
  const damage = await damageOf(machine, manifest);
  return {
    id,
    parent: visibleParent(machine, manifest.parent),
    name,
    note,
    createdAt,
    origin,
    memory: memory !== null,
    paused: memory?.paused ?? false,
    bytes: extras + layers,
    freedBytes: extras + (isLeaf(machine, id) ? layers : 0),
    definition,
    qemuVersion,
    usedBy: usersOf(machine, manifest),
    ...(mismatch && { mismatch }),
    ...(damage && { damage }),
  };
}

/** Hidden ones are passed over: to the user they are gone. */
function visibleParent(machine: Machine, parent: string | null): string | null {
  let at = parent;
  const seen = new Set<string>();
  while (at !== null && !seen.has(at)) {
    const manifest = machine.snapshots.manifests.get(at);
    if (!manifest) return null;
    if (!manifest.hidden) return at;
    seen.add(at);
    at = manifest.parent;
  }
  return null;
}

function isLeaf(machine: Machine, id: string): boolean {
  const { present } = machine.context.library.usable(machine.id).document;
  return present.parent !== id && machine.snapshots.childrenOf(id).length === 0;
}

async function layerBytes(machine: Machine, layers: NodeLayers): Promise<number> {
  const sizes = await Promise.all(
    Object.values(layers)
      // A file of the user's own is not ours to count.
      .filter(({ file }) => !path.isAbsolute(file))
      .map(({ file }) => allocatedBytes(path.join(machine.directory, file))),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** Everything in its directory but layers. */
async function extraBytes(machine: Machine, id: string): Promise<number> {
  const directory = path.join(machine.directory, snapshotDirectory(id));
  const layers = new Set(
    Object.values(machine.snapshots.manifests.get(id)?.layers ?? {}).map(({ file }) =>
      path.relative(directory, path.join(machine.directory, file)),
    ),
  );
  const files = await listTree(directory);
  return files
    .filter((file) => !layers.has(file.path))
    .reduce((sum, { allocatedBytes: bytes }) => sum + bytes, 0);
}

/** Throws Fault `not-found`. */
export async function snapshotDetail(machine: Machine, id: string): Promise<SnapshotDetail> {
  const manifest = machine.snapshots.require(id);
  const directory = path.join(machine.directory, snapshotDirectory(id));
  const read = (name: string) => unlessMissing(readFile(path.join(directory, name)));
  const { definition } = machine.context.library.usable(machine.id).document;
  return {
    console: (await read(snapshotConsoleFile))?.toString('base64') ?? '',
    screen: manifest.screen ? ((await read(snapshotScreenFile))?.toString('base64') ?? null) : null,
    changes: differences(hardware(manifest.definition), hardware(definition), ''),
  };
}

/** Name and note are the VM's own, now as then. */
function hardware({ name: _name, note: _note, ...rest }: Manifest['definition']): Json {
  return rest as Json;
}

/** Leaves that differ, by JSON pointer; a list whose length differs is one difference for each entry. */
function differences(before: Json | undefined, now: Json | undefined, field: string): SettingChange[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  if (isTree(before) && isTree(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return keys.flatMap((key) =>
      differences(
        (before as Record<string, Json>)[key],
        (now as Record<string, Json>)[key],
        `${field}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      ),
    );
  }
  return [{ field, ...(before !== undefined && { before }), ...(now !== undefined && { now }) }];
}

function isTree(value: Json | undefined): value is Json[] | { [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}
