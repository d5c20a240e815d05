// A full copy: a VM that shares nothing with the one that it was made from.
import path from 'node:path';
import type { VmDefinition } from '../../contract/definition.ts';
import { Fault } from '../../contract/fault.ts';
import { sparseCopy } from '../../lib/sparse-copy.ts';
import { copyChain } from '../../qemu/image.ts';
import type { ChainImage } from '../../qemu/layered-image.ts';
import { ownIdentity } from '../identity.ts';
import type { JobHandle } from '../jobs.ts';
import type { Machine } from '../machine.ts';
import { newDiskFile } from '../names.ts';
import { imgOf } from '../provision.ts';
import { usableSnapshot } from '../snapshots/damage.ts';
import { diskImages, keptDisks, type TreeNode } from '../snapshots/layers.ts';
import type { Manifest } from '../snapshots/manifest.ts';
import { startMachine } from '../start.ts';
import type { Supervisor } from '../supervisor.ts';
import type { CloneRequest } from './clone.ts';
import { copyFirmware, copyReadOnly } from './files.ts';

export async function copyOf(
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
