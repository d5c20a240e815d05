// Taking a snapshot: with memory while the VM runs (the guest stands still for a blink), disks alone when it does not.
import { randomUUID } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { VmDefinition } from '../../contract/definition.ts';
import { Fault, type FaultData } from '../../contract/fault.ts';
import type { QemuCapabilities } from '../../contract/qemu.ts';
import type { SnapshotOrigin } from '../../contract/snapshot.ts';
import { requireRoom } from '../../images/room.ts';
import { syncDirectory, syncFile } from '../../lib/atomic-write.ts';
import { bootId } from '../../lib/process-identity.ts';
import { blockOptions } from '../../qemu/arguments/block.ts';
import { allocatedBytes, nodesByFile } from '../../qemu/layered-image.ts';
import { type MemoryForm, saveMemory } from '../../qemu/migration.ts';
import type { Present, VmDocument } from '../document.ts';
import type { JobHandle } from '../jobs.ts';
import type { LiveRun } from '../live-run.ts';
import type { Machine } from '../machine.ts';
import { memoryBytes } from '../metrics.ts';
import { memoryFile, snapshotDirectory, snapshotLayerFile } from '../names.ts';
import { consolePicture, copyEarly, type EarlyCopy, keepScreen, settleCopy, variablesOf } from './files.ts';
import { removeJournal, writeJournal } from './journal.ts';
import { keptDisks, layeredDisks } from './layers.ts';
import { type Manifest, newManifest, type SavedMemory } from './manifest.ts';
import { makePresent, planPresent, settledLayers } from './present.ts';
import { recoverOperation } from './recover.ts';
import { stampFiles } from './stamps.ts';

export interface TakeRequest {
  name: string;
  note: string;
  origin: SnapshotOrigin;
  /** Its memory need not be on the disk yet when this resolves: the caller sees to that (`settleMemories`). */
  settleLater?: boolean;
  /** Calls it off, as its own job does. */
  signal?: AbortSignal;
  /** Thrown where the VM does not run: disks alone would be of no use. */
  unlessLive?: FaultData;
  /** For who has work to do beside it. Told of one with memory alone. */
  watch?: TakeWatcher;
}

/** What is known of a snapshot that is only being taken. */
export type UnfinishedSnapshot = Pick<Manifest, 'id' | 'parent' | 'layers' | 'definition'> & {
  /** The guest stands still, and will when the snapshot goes on. */
  paused: boolean;
};

export interface TakeWatcher {
  /** Nothing of it is there yet. */
  begun(snapshot: UnfinishedSnapshot): void;
  /** The memory is in its file, nobody writes to the disks of then any more, and the guest goes on. */
  resumed(): void;
}

/** The device state and what is not memory of the guest's. */
const memoryOverheadBytes = 8 * 1024 * 1024;

/**
 * Resolves to the snapshot's id. Throws Fault `wrong-state`, `disk-full`, `unsupported` (a device that cannot be
 * saved), `cancelled`; everything is as it was then, and a guest that ran runs.
 */
export function takeSnapshot(machine: Machine, request: TakeRequest): Promise<string> {
  return machine.atRest('snapshot', () => takeInHold(machine, request));
}

/** For a verb that holds the machine already. */
export async function takeInHold(machine: Machine, request: TakeRequest): Promise<string> {
  const { jobs, finder } = machine.context;
  const qemu = await finder.require();
  await recoverOperation(machine);
  return jobs.run(
    { kind: 'take-snapshot', vm: machine.id, title: `Taking the snapshot “${request.name}”` },
    async (job) => {
      const { phase } = machine;
      if (phase.kind !== 'live' && request.unlessLive) throw new Fault(request.unlessLive);
      const id =
        phase.kind === 'live'
          ? await takeLive(machine, phase.run, request, qemu, job)
          : await takeOff(machine, request, qemu);
      await machine.log.note(`Snapshot “${request.name}” was taken.`);
      machine.snapshots.changes.publish('changed');
      machine.changed();
      return id;
    },
  );
}

interface Taking {
  id: string;
  directory: string;
  next: Present & { id: string };
  definition: VmDefinition;
  document: VmDocument;
  request: TakeRequest;
}

function plan(machine: Machine, request: TakeRequest, definition: VmDefinition): Taking {
  const { document } = machine.context.library.usable(machine.id);
  const id = document.present.id ?? randomUUID();
  const directory = path.join(machine.directory, snapshotDirectory(id));
  const next = planPresent(id, layeredDisks(document.present, definition));
  return { id, directory, next, definition, document, request };
}

/** The directory of the snapshot, and empty layers for what comes after it. */
async function begin(
  machine: Machine,
  { directory, next, definition, document }: Taking,
  qemu: QemuCapabilities,
): Promise<void> {
  const { parent, layers } = document.present;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await makePresent(machine, next, { parent, layers, definition }, qemu);
  await machine.reached('take:overlays-made');
}

/** What the snapshot holds of the disks. */
const layersOf = ({ document, definition }: Taking) => settledLayers(document.present, definition);

async function takeOff(machine: Machine, request: TakeRequest, qemu: QemuCapabilities): Promise<string> {
  const { definition } = machine.context.library.usable(machine.id).document;
  const variables = await variablesOf(machine.directory, definition);
  await requireRoom(machine.directory, variables ? await allocatedBytes(variables.path) : 0, 'The snapshot');
  const taking = plan(machine, request, definition);
  await begin(machine, taking, qemu);
  try {
    await writeJournal(machine, {
      kind: 'take',
      snapshot: taking.id,
      next: taking.next,
      live: false,
      running: false,
    });
    await machine.reached('take:noted');
    const copy = variables && (await copyEarly(variables, taking.directory));
    await (await consolePicture(machine, definition)).keep(taking.directory);
    await complete(machine, taking, { qemuVersion: qemu.version.text, memory: null, screen: false, copy });
    return taking.id;
  } catch (error) {
    await recoverOperation(machine, taking);
    throw error;
  }
}

async function takeLive(
  machine: Machine,
  run: LiveRun,
  request: TakeRequest,
  qemu: QemuCapabilities,
  job: JobHandle,
): Promise<string> {
  const { record } = run;
  const { definition } = record.document;
  await requireRoom(
    machine.directory,
    (await memoryBytes(record)) + memoryOverheadBytes,
    'The snapshot with its memory',
  );
  return run.inTurn(async () => {
    const running = run.status === 'running';
    const taking = plan(machine, request, definition);
    const { parent } = taking.document.present;
    request.watch?.begun({ id: taking.id, parent, layers: layersOf(taking), definition, paused: !running });
    await begin(machine, taking, qemu);
    try {
      await writeJournal(machine, {
        kind: 'take',
        snapshot: taking.id,
        next: taking.next,
        live: true,
        running,
      });
      await machine.reached('take:noted');
      const screen = await keepScreen(run.qmp, taking.directory);
      const variables = await variablesOf(machine.directory, definition);
      const copy = variables && (await copyEarly(variables, taking.directory));
      await addLayers(run, machine, taking);
      const form: MemoryForm = qemu.features.includes('mapped-ram') ? 'mapped-ram' : 'stream';
      await run.quietly(() => passBlink(machine, run, taking, { form, copy, running, job }));
      const memory: SavedMemory = {
        form,
        ...(await keepMemory(taking)),
        paused: !running,
        qemuVersion: record.qemuVersion,
        accelerator: record.accelerator,
        hostArch: machine.context.host.arch,
      };
      await machine.reached('take:kept');
      await complete(machine, taking, { qemuVersion: record.qemuVersion, memory, screen, copy });
      return taking.id;
    } catch (error) {
      await recoverOperation(machine, taking);
      throw error;
    }
  });
}

/** From here to the end of the blink the guest stands still only between the end of the migration and `cont`. */
async function passBlink(
  machine: Machine,
  run: LiveRun,
  { directory, definition, next, request }: Taking,
  {
    form,
    copy,
    running,
    job,
  }: { form: MemoryForm; copy: EarlyCopy | undefined; running: boolean; job: JobHandle },
): Promise<void> {
  const file = path.join(directory, memoryFile);
  const actions = await pivots(run, machine, definition, next);
  await saveMemory(run.qmp, file, {
    form,
    signal: AbortSignal.any([job.signal, ...(request.signal ? [request.signal] : [])]),
    onBegun: () => machine.reached('take:saving'),
    onProgress: (percent) => job.progress(percent),
  });
  await machine.reached('take:memory-saved');
  if (actions.length > 0) await run.qmp.execute('transaction', { actions });
  await machine.reached('take:pivoted');
  if (copy) await settleCopy(copy);
  const picture = await consolePicture(machine, definition);
  if (running) await run.qmp.execute('cont');
  request.watch?.resumed();
  await machine.reached('take:resumed');
  await picture.keep(directory);
}

/** From now on every disk writes to its new layer. */
async function pivots(
  run: LiveRun,
  machine: Machine,
  definition: VmDefinition,
  next: Taking['next'],
): Promise<object[]> {
  const disks = keptDisks(definition);
  if (disks.length === 0) return [];
  const nodes = await nodesByFile(run.qmp);
  return disks.map((disk) => ({
    type: 'blockdev-snapshot',
    data: { node: nodes.get(machine.activeImage(disk)), overlay: layerNode(next.id, disk.id) },
  }));
}

/** 31 characters at most (QEMU include/block/block_int-common.h): 1 + 8 + 1 + 21. */
export const layerNode = (presentId: string, diskId: string) => `s${presentId.slice(0, 8)}.${diskId}`;

async function addLayers(run: LiveRun, machine: Machine, { next, definition }: Taking): Promise<void> {
  for (const disk of keptDisks(definition)) {
    const file = path.join(machine.directory, snapshotLayerFile(next.id, disk.id));
    const { file: protocol, ...node } = blockOptions({
      nodeName: layerNode(next.id, disk.id),
      image: { path: file, format: 'qcow2' },
      readOnly: false,
      discard: true,
    });
    // The node of the file needs no name, and the disk's own would be too long with an ending.
    const { 'node-name': _, ...unnamed } = protocol as { 'node-name': string };
    await run.qmp.execute('blockdev-add', { ...node, file: unnamed });
  }
}

async function keepMemory({
  directory,
  request,
}: Taking): Promise<Pick<SavedMemory, 'sizeBytes' | 'unsettledIn'>> {
  const file = path.join(directory, memoryFile);
  if (!request.settleLater) await syncFile(file);
  const { size } = await stat(file);
  return { sizeBytes: size, ...(request.settleLater && { unsettledIn: await bootId() }) };
}

/** Everything is there: what makes it a snapshot, and the present that grows from it. */
async function complete(
  machine: Machine,
  taking: Taking,
  facts: Pick<Manifest, 'qemuVersion' | 'memory' | 'screen'> & { copy: EarlyCopy | undefined },
): Promise<void> {
  const { id, directory, next, definition, document, request } = taking;
  const { copy, ...rest } = facts;
  if (copy) await syncFile(copy.target);
  await syncDirectory(directory);
  const layers = layersOf(taking);
  await machine.snapshots.save(
    newManifest({
      id,
      parent: document.present.parent,
      name: request.name,
      note: request.note,
      origin: request.origin,
      createdAt: new Date().toISOString(),
      definition,
      layers,
      variables: copy?.source.format ?? null,
      stamps: await stampFiles(machine.directory, layers, definition),
      hidden: false,
      ...rest,
    }),
  );
  await machine.reached('take:manifest-written');
  await machine.context.library.place(machine.id, () => ({ present: next }));
  await machine.reached('take:placed');
  await removeJournal(machine);
  await machine.reached('take:done');
}
