// Ends what a crash or a failure left half done: forward where the new state is whole, else back to the old one.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { vmId } from '../../contract/definition.ts';
import { unlessMissing } from '../../lib/errno.ts';
import { nodesByFile } from '../../qemu/layered-image.ts';
import { settleMigration } from '../../qemu/migration.ts';
import type { Present } from '../document.ts';
import type { LiveRun } from '../live-run.ts';
import type { Machine } from '../machine.ts';
import { snapshotsDirectory } from '../names.ts';
import { removeExtras, removeUnfinished } from './files.ts';
import { type Journal, readJournal, removeJournal } from './journal.ts';
import { newManifest } from './manifest.ts';
import { settleMemories } from './memory.ts';
import { collectHidden, pinnedFiles } from './merge.ts';
import { removePresentDirectory, settledLayers } from './present.ts';
import { finishRestore } from './restore.ts';
import { layerNode } from './take.ts';

/** What a failed attempt made before it noted anything. */
interface Unnoted {
  id: string;
  next: Present & { id: string };
}

/** A QEMU that answers no more is about to end, or hangs. */
const endPatienceMs = 3000;

/** Nothing is done where nothing is under way. A VM whose state is not known is left alone until it is. */
export async function recoverOperation(machine: Machine, unnoted?: Unnoted): Promise<void> {
  const { phase } = machine;
  try {
    await recoverNoted(machine, unnoted);
  } catch (error) {
    // QEMU may have ended in the middle of it: then a VM at rest is to be recovered.
    if (phase.kind !== 'live' || !(await phase.run.waitForEnd(endPatienceMs))) throw error;
    await phase.run.finished;
    await recoverNoted(machine, unnoted);
  }
}

async function recoverNoted(machine: Machine, unnoted: Unnoted | undefined): Promise<void> {
  if (machine.phase.kind === 'unknown' || machine.record.kind === 'damaged') return;
  const journal = await readJournal(machine);
  if (journal?.kind === 'take') await recoverTake(machine, journal);
  else if (journal?.kind === 'restore') await recoverRestore(machine, journal);
  else if (journal?.kind === 'save') await recoverSave(machine, journal.running);
  else if (unnoted) {
    await removePresentDirectory(machine, unnoted.next.id);
    await removeUnfinished(machine, unnoted.id);
  }
}

async function recoverTake(machine: Machine, journal: Extract<Journal, { kind: 'take' }>): Promise<void> {
  // A QEMU that has just ended takes its run with it: what follows is for a VM at rest.
  if (machine.phase.kind === 'live' && !(await machine.phase.run.isAlive())) await machine.phase.run.finished;
  const run = machine.phase.kind === 'live' ? machine.phase.run : undefined;
  const whole = machine.snapshots.manifests.get(journal.snapshot);
  if (whole && !whole.hidden) {
    await machine.context.library.place(machine.id, () => ({ present: journal.next }));
    if (run) await goOn(run, journal.running);
    return endOf(machine, 'A snapshot that was interrupted is whole.');
  }
  if (run) await settleMigration(run.qmp);
  // Of a QEMU that has ended nobody knows whether it wrote to the new layers: they are right in both cases, for what it
  // did not write shows through.
  const pivoted = run ? await writesTo(run, machine, journal) : journal.live;
  if (pivoted) await hideUnfinished(machine, journal);
  else await undoTake(machine, journal, run);
  if (run) await goOn(run, journal.running);
  await endOf(machine, 'A snapshot that was interrupted has been taken back.');
  await collectHidden(machine);
}

async function endOf(machine: Machine, note: string): Promise<void> {
  await removeJournal(machine);
  await machine.log.note(note);
  machine.snapshots.changes.publish('changed');
  machine.changed();
}

/** The guest was stopped by a migration of ours, not by its user. */
async function goOn(run: LiveRun, running: boolean): Promise<void> {
  const held = await settleMigration(run.qmp);
  if (held && running) await run.qmp.execute('cont');
  await run.refreshStatus();
}

async function writesTo(
  run: LiveRun,
  machine: Machine,
  { next }: Extract<Journal, { kind: 'take' }>,
): Promise<boolean> {
  const devices = await run.qmp.execute<{ inserted?: { 'node-name'?: string } }[]>('query-block');
  const active = new Set(devices.map(({ inserted }) => inserted?.['node-name']));
  const nodes = await nodesByFile(run.qmp);
  return Object.values(next.layers).some((layer) =>
    active.has(nodes.get(path.join(machine.directory, layer.file))),
  );
}

/** What was written since belongs to the present: the snapshot stays as a layer that nobody sees, and is merged away. */
async function hideUnfinished(
  machine: Machine,
  { snapshot, next }: Extract<Journal, { kind: 'take' }>,
): Promise<void> {
  const { document } = machine.context.library.usable(machine.id);
  if (document.present.id !== next.id) {
    const definition =
      machine.phase.kind === 'live' ? machine.phase.run.record.document.definition : document.definition;
    await machine.snapshots.save(
      newManifest({
        id: snapshot,
        parent: document.present.parent,
        name: 'interrupted',
        note: '',
        createdAt: new Date().toISOString(),
        origin: 'automatic',
        definition,
        qemuVersion: '',
        layers: settledLayers(document.present, definition),
        variables: null,
        memory: null,
        screen: false,
        stamps: [],
        hidden: true,
      }),
    );
    await machine.context.library.place(machine.id, () => ({ present: next }));
  }
  await removeExtras(machine, snapshot);
}

async function undoTake(
  machine: Machine,
  { snapshot, next }: Extract<Journal, { kind: 'take' }>,
  run: LiveRun | undefined,
): Promise<void> {
  if (run) {
    for (const disk of Object.keys(next.layers)) {
      // One that was not added yet cannot be taken away.
      await run.qmp
        .execute('blockdev-del', { 'node-name': layerNode(next.id ?? '', disk) })
        .catch(() => undefined);
    }
  }
  await removePresentDirectory(machine, next.id ?? '');
  await removeUnfinished(machine, snapshot);
}

async function recoverRestore(
  machine: Machine,
  journal: Extract<Journal, { kind: 'restore' }>,
): Promise<void> {
  const { document } = machine.context.library.usable(machine.id);
  if (document.present.id === journal.next.id) {
    await finishRestore(machine, journal);
    return endOf(machine, 'A restore that was interrupted is done.');
  }
  await removePresentDirectory(machine, journal.next.id ?? '');
  await endOf(machine, 'A restore that was interrupted has been taken back.');
}

/** Its memory was not on disk yet: the guest goes on. One that has ended was saved, or died of something else. */
async function recoverSave(machine: Machine, running: boolean): Promise<void> {
  if (machine.phase.kind === 'live' && (await machine.phase.run.isAlive())) {
    await goOn(machine.phase.run, running);
  }
  await removeJournal(machine);
}

/**
 * What nobody knows any more: directories without a manifest that are not the present's. One that something builds on
 * has lost its manifest, and nobody knows then what else is needed: all stay. For a machine at rest or live.
 */
export async function sweepSnapshots(machine: Machine): Promise<void> {
  if (machine.record.kind === 'damaged') return;
  const { present } = machine.record.document;
  const { manifests, damaged } = machine.snapshots;
  const names = (await unlessMissing(readdir(path.join(machine.directory, snapshotsDirectory)))) ?? [];
  const unknown = names.filter(
    (id) => vmId.safeParse(id).success && id !== present.id && !manifests.has(id) && !damaged.has(id),
  );
  const needed = neededDirectories(machine, present);
  for (const id of unknown) if (needed.has(id)) damaged.add(id);
  if (damaged.size > 0) return;
  for (const id of unknown) await removePresentDirectory(machine, id);
}

/** Named as a parent, or by a layer of a state or of another VM. */
function neededDirectories(machine: Machine, present: Present): Set<string | null> {
  const { manifests } = machine.snapshots;
  const nodes = [present, ...manifests.values()];
  const files = [
    ...nodes.flatMap(({ layers }) => Object.values(layers).map(({ file }) => file)),
    ...pinnedFiles(machine),
  ].filter((file) => file.startsWith(`${snapshotsDirectory}/`));
  return new Set([...nodes.map(({ parent }) => parent), ...files.map((file) => file.split('/')[1] ?? null)]);
}

/** All of it, for a machine that a manager finds when it comes back. */
export async function recoverSnapshots(machine: Machine): Promise<void> {
  if (machine.phase.kind === 'unknown' || machine.record.kind === 'damaged') return;
  await recoverOperation(machine);
  void machine.inBackground(settleMemories(machine));
  await sweepSnapshots(machine);
  await collectHidden(machine);
}
