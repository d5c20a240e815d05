// VMs made from VMs: full copies, linked clones that build on a frozen state, forks that go on from its memory at once.
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import type { QemuCapabilities } from '../contract/qemu.ts';
import type { CloneKind } from '../contract/snapshot.ts';
import { unlessMissing } from '../lib/errno.ts';
import { listTree } from '../lib/file-tree.ts';
import { sparseCopy } from '../lib/sparse-copy.ts';
import { copyChain } from '../qemu/image.ts';
import type { ChainImage } from '../qemu/layered-image.ts';
import type { ForeignLayer, Present, VmDocument } from './document.ts';
import { ownIdentity } from './identity.ts';
import type { JobHandle } from './jobs.ts';
import type { Machine } from './machine.ts';
import { firmwareDirectory, newDiskFile, snapshotDirectory, snapshotVariablesFile } from './names.ts';
import { imgOf } from './provision.ts';
import { damageOf } from './snapshots/damage.ts';
import { giveConsole, replaceFile } from './snapshots/files.ts';
import { diskImages, isKept, keptDisks, type TreeNode } from './snapshots/layers.ts';
import type { Manifest } from './snapshots/manifest.ts';
import { settleMemories, snapshotMemoryFault } from './snapshots/memory.ts';
import { makeLayers, planPresent } from './snapshots/present.ts';
import { memoryOf } from './snapshots/restore.ts';
import { takeSnapshot } from './snapshots/take.ts';
import { startInHold, startMachine } from './start.ts';
import type { Supervisor } from './supervisor.ts';

export interface CloneRequest {
  id: string;
  name: string;
  kind: CloneKind;
  /** null: the present. */
  snapshot: string | null;
  start: boolean;
}

/**
 * Throws Fault `wrong-state` (a full copy of what runs), `not-found`, `damaged`, `unsupported`, `disk-full`,
 * `cancelled`; then no VM was made. A snapshot that a linked clone or a fork needed stays.
 */
export async function cloneMachine(supervisor: Supervisor, request: CloneRequest): Promise<Machine> {
  const source = supervisor.machine(request.id);
  const { jobs } = supervisor.context;
  return jobs.run({ kind: 'clone', vm: source.id, title: `Making “${request.name}”` }, async (job) => {
    if (request.kind === 'copy') return copyOf(supervisor, source, request, job);
    return builtOn(supervisor, source, request);
  });
}

async function copyOf(
  supervisor: Supervisor,
  source: Machine,
  request: CloneRequest,
  job: JobHandle,
): Promise<Machine> {
  const { snapshot } = request;
  const make = async (node: TreeNode & { definition: VmDefinition }, variables: Manifest | undefined) => {
    const definition = await ownIdentity(node.definition, request.name, supervisor.all());
    const { id } = await supervisor.context.library.create(definition, async (directory) => {
      await copyFirmware(source, directory, variables);
      await copyReadOnly(source, node.definition, directory, job.signal);
      const disks = await copyDisks(source, node, directory, job);
      await source.reached('clone:files-copied');
      return { definition: { ...definition, disks } };
    });
    await source.reached('clone:created');
    return supervisor.add(id);
  };
  const machine =
    snapshot === null
      ? await copyOfPresent(source, make)
      : await source.whileRead(snapshot, async () => {
          const manifest = await usableSnapshot(source, snapshot);
          return make(manifest, manifest);
        });
  if (request.start) await startMachine(machine);
  return machine;
}

/** The disks of what runs change under the copy; a snapshot of it does not. */
async function copyOfPresent(
  source: Machine,
  make: (node: TreeNode & { definition: VmDefinition }, variables: undefined) => Promise<Machine>,
): Promise<Machine> {
  if (source.phase.kind !== 'off') {
    throw new Fault({
      code: 'wrong-state',
      message: 'The VM runs: its disks would change while they are copied.',
      remedy: 'Shut it down first, copy one of its snapshots, or make a fork, which goes on beside it.',
    });
  }
  return source.atRest('clone', () => {
    const { document } = source.context.library.usable(source.id);
    return make({ ...document.present, definition: document.definition }, undefined);
  });
}

async function usableSnapshot(source: Machine, id: string): Promise<Manifest> {
  const manifest = source.snapshots.require(id);
  const damage = await damageOf(source, manifest);
  if (damage) throw new Fault(damage);
  return manifest;
}

/** `snapshot`: the variables are those of then. */
async function copyFirmware(
  source: Machine,
  directory: string,
  snapshot: Manifest | undefined,
): Promise<void> {
  const firmware = path.join(source.directory, firmwareDirectory);
  const files = await listTree(firmware);
  for (const file of files) {
    if (snapshot && /^vars\.(fd|qcow2)$/.test(file.path)) continue;
    const target = path.join(directory, firmwareDirectory, file.path);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await sparseCopy(path.join(firmware, file.path), target);
  }
  if (!snapshot?.variables) return;
  const name = snapshotVariablesFile(snapshot.variables);
  const { boot } = snapshot.definition;
  const own =
    boot.kind === 'pflash' && boot.vars !== undefined && !path.isAbsolute(boot.vars) ? boot.vars : undefined;
  await replaceFile(
    path.join(source.directory, snapshotDirectory(snapshot.id), name),
    path.join(directory, own ?? `${firmwareDirectory}/${name}`),
  );
}

/** Disks that the guest only reads, where they are the VM's own; a file of the user's own stays where it is. */
async function copyReadOnly(
  source: Machine,
  { disks }: VmDefinition,
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  const files = disks.filter((disk) => !isKept(disk) && !path.isAbsolute(disk.file)).map(({ file }) => file);
  for (const file of new Set(files)) {
    const target = path.join(directory, file);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    // One that is gone is missed at the start, as in the VM that it was made from.
    if (await unlessMissing(stat(target))) continue;
    await unlessMissing(sparseCopy(path.join(source.directory, file), target, signal));
  }
}

/** Each disk that the guest writes to as one self-contained image. */
async function copyDisks(
  source: Machine,
  node: TreeNode & { definition: VmDefinition },
  directory: string,
  job: JobHandle,
): Promise<VmDefinition['disks']> {
  const { disks } = node.definition;
  const kept = keptDisks(node.definition);
  if (kept.length === 0) return disks;
  const imgPath = imgOf(await source.context.finder.require());
  const copies = new Map<string, VmDefinition['disks'][number]>();
  for (const [index, disk] of kept.entries()) {
    const chain = diskImages(source.tree, node, disk);
    const format = chain.length === 1 ? (chain[0]?.format ?? disk.format) : 'qcow2';
    const file = newDiskFile(disk.id, format);
    await copyDisk(chain, path.join(directory, file), {
      format,
      imgPath,
      job,
      share: [index, kept.length],
    });
    copies.set(disk.id, { ...disk, file, format });
  }
  return disks.map((disk) => copies.get(disk.id) ?? disk);
}

async function copyDisk(
  chain: readonly ChainImage[],
  target: string,
  {
    format,
    imgPath,
    job,
    share: [index, count],
  }: { format: 'qcow2' | 'raw'; imgPath: string; job: JobHandle; share: [number, number] },
): Promise<void> {
  const [only, ...below] = chain;
  // Blocks are shared where the file system can.
  if (only && below.length === 0) return sparseCopy(only.path, target, job.signal);
  await copyChain(chain, target, {
    imgPath,
    targetFormat: format,
    signal: job.signal,
    onProgress: (percent) => job.progress((100 * index + percent) / count),
  });
}

/** Linked clones and forks: the state they build on must be a snapshot, so that nothing writes to it any more. */
async function builtOn(supervisor: Supervisor, source: Machine, request: CloneRequest): Promise<Machine> {
  const { kind, name } = request;
  if (kind === 'fork') await refuseWithoutMemory(source, request.snapshot);
  try {
    const id =
      request.snapshot ??
      (await takeSnapshot(source, {
        name: `For “${name}”`.slice(0, 80),
        note: '',
        origin: 'fork',
        // The fork goes on from it at once.
        settleLater: kind === 'fork',
      }));
    return await source.whileRead(id, () => builtOnSnapshot(supervisor, source, id, request));
  } finally {
    // Not before: half a GiB on its way to the disk would hold up the fork's own files.
    void source.inBackground(settleMemories(source));
  }
}

async function builtOnSnapshot(
  supervisor: Supervisor,
  source: Machine,
  id: string,
  { kind, name, start }: CloneRequest,
): Promise<Machine> {
  const manifest = await usableSnapshot(source, id);
  const definition = await ownIdentity(manifest.definition, name, supervisor.all());
  const { library, finder } = supervisor.context;
  const qemu = await finder.require();
  const made = await library.create(definition, async (directory) => {
    await copyFirmware(source, directory, manifest);
    await copyReadOnly(source, definition, directory);
    if (kind === 'fork') await giveConsole(source, manifest, directory);
    const document = await linkedDocument(source, manifest, directory, qemu);
    await source.reached('clone:files-copied');
    return { definition, ...document };
  });
  await source.reached('clone:created');
  const machine = supervisor.add(made.id);
  // From now on it is protected: its source shows who builds on it.
  source.snapshots.changes.publish('changed');
  if (kind === 'fork') await startInHold(machine, memoryOf(source, manifest, { mapped: true }));
  else if (start) await startMachine(machine);
  return machine;
}

async function refuseWithoutMemory(source: Machine, snapshot: string | null): Promise<void> {
  if (snapshot === null) {
    if (source.phase.kind === 'live') return;
    throw new Fault({
      code: 'wrong-state',
      message: 'The VM is not running: there is no memory that a fork could go on from.',
      remedy: 'Start it first, fork a snapshot with memory, or make a linked clone.',
    });
  }
  const manifest = source.snapshots.require(snapshot);
  const { memory, name } = manifest;
  if (!memory) {
    throw new Fault({
      code: 'bad-input',
      message: `The snapshot “${name}” holds disks alone: there is no memory that a fork could go on from.`,
      remedy: 'Make a linked clone of it instead.',
    });
  }
  const fault = await snapshotMemoryFault(source, manifest);
  if (fault) throw new Fault(fault);
}

async function linkedDocument(
  source: Machine,
  manifest: Manifest,
  directory: string,
  qemu: QemuCapabilities,
): Promise<{ present: Present; base: VmDocument['base'] }> {
  const { present, layers } = planLinked(source, manifest);
  await mkdir(path.join(directory, snapshotDirectory(present.id)), { recursive: true, mode: 0o700 });
  await makeLayers(directory, present.id, {
    tree: source.tree,
    below: manifest,
    disks: keptDisks(manifest.definition),
    qemu,
  });
  const needsBase = Object.keys(layers).length > 0;
  return {
    present,
    base: needsBase ? { vm: source.id, snapshot: manifest.id, layers } : null,
  };
}

function planLinked(
  source: Machine,
  manifest: Manifest,
): { present: Present & { id: string }; layers: Record<string, ForeignLayer[]> } {
  const present = { ...planPresent(manifest.id, keptDisks(manifest.definition)), parent: null };
  const library = source.context.library.directory;
  const layers = keptDisks(manifest.definition).map((disk) => [
    disk.id,
    diskImages(source.tree, manifest, disk).map((image) => foreign(image, library, source.id)),
  ]);
  return { present, layers: Object.fromEntries(layers) };
}

/** Relative to the VM that has it, so that a library can be moved; a file of the user's own stays where it is. */
function foreign({ path: file, format }: ChainImage, library: string, vm: string): ForeignLayer {
  const [owner, ...rest] = path.relative(library, file).split(path.sep);
  if (owner === undefined || owner === '..' || rest.length === 0) return { vm, file, format };
  return { vm: owner, file: rest.join('/'), format };
}
