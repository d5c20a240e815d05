// VMs that build on the disks of another one's snapshot, so that nothing writes to them any more: linked clones, and what
// forks have in common with them.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ChainImage } from '../../qemu/layered-image.ts';
import type { ForeignLayer, Present } from '../document.ts';
import { ownIdentity } from '../identity.ts';
import type { JobHandle } from '../jobs.ts';
import type { NewDocument } from '../library.ts';
import type { Machine } from '../machine.ts';
import { snapshotDirectory } from '../names.ts';
import { usableSnapshot } from '../snapshots/damage.ts';
import { diskImages, keptDisks } from '../snapshots/layers.ts';
import type { Manifest } from '../snapshots/manifest.ts';
import { makeLayers, planPresent } from '../snapshots/present.ts';
import { type TakeRequest, takeSnapshot } from '../snapshots/take.ts';
import { startMachine } from '../start.ts';
import type { Supervisor } from '../supervisor.ts';
import type { CloneRequest } from './clone.ts';
import { copyFirmware, copyReadOnly } from './files.ts';

/** What of a snapshot says on which disks it rests. */
export type Base = Pick<Manifest, 'id' | 'parent' | 'layers' | 'definition' | 'variables'>;

export async function linkedCloneOf(
  supervisor: Supervisor,
  source: Machine,
  { name, snapshot, start }: CloneRequest,
  job: JobHandle,
): Promise<Machine> {
  const id = snapshot ?? (await takeSnapshot(source, baseRequest(name, job)));
  job.settle(false);
  return source.whileRead(id, async () => {
    const machine = await makeLinked(supervisor, source, await usableSnapshot(source, id), { name });
    if (start) await startMachine(machine);
    return machine;
  });
}

/** The snapshot that is taken for it; who calls off the one calls off the other. */
export const baseRequest = (name: string, { signal }: JobHandle): TakeRequest => ({
  name: `For “${name}”`.slice(0, 80),
  note: '',
  origin: 'fork',
  signal,
});

export interface LinkedOptions {
  name: string;
  /** It is to run before its base is whole: until `library.confirm` it does not outlive this manager. */
  unborn?: boolean;
}

/** Nobody may write to what `base` holds, or remove it, before this resolves; then the new VM's document protects it. */
export async function makeLinked(
  supervisor: Supervisor,
  source: Machine,
  base: Base,
  { name, unborn = false }: LinkedOptions,
): Promise<Machine> {
  const definition = await ownIdentity(base.definition, name, supervisor.all());
  const { id } = await supervisor.context.library.create(
    definition,
    async (directory) => {
      await copyFirmware(source, directory, base);
      await copyReadOnly(source, definition, directory);
      const document = await linkedDocument(source, base, directory);
      await source.reached('clone:files-copied');
      return { definition, ...document };
    },
    { unborn },
  );
  await source.reached('clone:created');
  const machine = supervisor.add(id);
  // From now on the base is protected: its source shows who builds on it.
  source.snapshots.changes.publish('changed');
  return machine;
}

async function linkedDocument(
  source: Machine,
  base: Base,
  directory: string,
): Promise<Pick<NewDocument, 'present' | 'base'>> {
  const { present, layers } = planLinked(source, base);
  await mkdir(path.join(directory, snapshotDirectory(present.id)), { recursive: true, mode: 0o700 });
  await makeLayers(directory, present.id, {
    tree: source.tree,
    below: base,
    disks: keptDisks(base.definition),
    qemu: await source.context.finder.require(),
  });
  const needsBase = Object.keys(layers).length > 0;
  return {
    present,
    base: needsBase ? { vm: source.id, snapshot: base.id, layers } : null,
  };
}

function planLinked(
  source: Machine,
  base: Base,
): { present: Present & { id: string }; layers: Record<string, ForeignLayer[]> } {
  const present = { ...planPresent(base.id, keptDisks(base.definition)), parent: null };
  const library = source.context.library.directory;
  const layers = keptDisks(base.definition).map((disk) => [
    disk.id,
    diskImages(source.tree, base, disk).map((image) => foreign(image, library, source.id)),
  ]);
  return { present, layers: Object.fromEntries(layers) };
}

/** Relative to the VM that has it, so that a library can be moved; a file of the user's own stays where it is. */
function foreign({ path: file, format }: ChainImage, library: string, vm: string): ForeignLayer {
  const [owner, ...rest] = path.relative(library, file).split(path.sep);
  if (owner === undefined || owner === '..' || rest.length === 0) return { vm, file, format };
  return { vm: owner, file: rest.join('/'), format };
}
