// Forks: running VMs that go on from the memory of a snapshot, or of a VM that runs.
import { Fault } from '../../contract/fault.ts';
import { canMapRam } from '../../qemu/memory-overlay.ts';
import { deleteMachine } from '../delete.ts';
import type { LiveRun } from '../live-run.ts';
import type { Machine } from '../machine.ts';
import { usableSnapshot } from '../snapshots/damage.ts';
import { giveConsole, variablesOf } from '../snapshots/files.ts';
import type { Manifest } from '../snapshots/manifest.ts';
import { memoryPath, settleMemories, snapshotMemoryFault } from '../snapshots/memory.ts';
import { memoryOf } from '../snapshots/restore.ts';
import { type TakeRequest, takeSnapshot } from '../snapshots/take.ts';
import { startInHold } from '../start.ts';
import type { StartMemory } from '../start-memory.ts';
import type { Supervisor } from '../supervisor.ts';
import type { CloneRequest } from './clone.ts';
import { type Base, baseName, makeLinked } from './linked.ts';

/** Throws as `cloneMachine`; the fork is gone then. */
export async function forkOf(
  supervisor: Supervisor,
  source: Machine,
  { name, snapshot }: CloneRequest,
): Promise<Machine> {
  if (snapshot !== null) return forkOfSnapshot(supervisor, source, snapshot, name);
  const { phase } = source;
  if (phase.kind !== 'live') throw new Fault(notRunning);
  // The fork goes on from it at once.
  const request: TakeRequest = { name: baseName(name), note: '', origin: 'fork', settleLater: true };
  try {
    if (await canStartEarly(source, phase.run)) return await forkOfRunning(supervisor, source, request, name);
    return await forkOfSnapshot(supervisor, source, await takeSnapshot(source, request), name);
  } finally {
    // Not before: half a GiB on its way to the disk would hold up the fork's own files.
    void source.inBackground(settleMemories(source));
  }
}

const notRunning = {
  code: 'wrong-state',
  message: 'The VM is not running: there is no memory that a fork could go on from.',
  remedy: 'Start it first, fork a snapshot with memory, or make a linked clone.',
} as const;

function forkOfSnapshot(supervisor: Supervisor, source: Machine, id: string, name: string): Promise<Machine> {
  return source.whileRead(id, async () => {
    const manifest = await usableSnapshot(source, id);
    const memory = await usableMemory(source, manifest);
    return bringUp(supervisor, source, manifest, name, (fork) => ({
      ...memory,
      outfit: () => giveConsole(source, manifest, fork.directory),
    }));
  });
}

async function usableMemory(source: Machine, manifest: Manifest): Promise<StartMemory> {
  const memory = memoryOf(source, manifest, { mapped: true });
  if (!memory) {
    throw new Fault({
      code: 'bad-input',
      message: `The snapshot “${manifest.name}” holds disks alone: there is no memory that a fork could go on from.`,
      remedy: 'Make a linked clone of it instead.',
    });
  }
  const fault = await snapshotMemoryFault(source, manifest);
  if (fault) throw new Fault(fault);
  return memory;
}

/**
 * Whether its QEMU can be started while the memory is still being saved: the RAM is mapped, and nothing that QEMU reads at
 * its start can change meanwhile, as firmware variables could.
 */
async function canStartEarly(source: Machine, { record }: LiveRun): Promise<boolean> {
  const { definition } = record.document;
  const { features, imgPath } = await source.context.finder.require();
  return (
    features.includes('mapped-ram') &&
    imgPath !== undefined &&
    canMapRam(definition) &&
    (await variablesOf(source.directory, definition)) === undefined
  );
}

/** The snapshot is taken and the fork is started at the same time: each takes about as long as the other. */
async function forkOfRunning(
  supervisor: Supervisor,
  source: Machine,
  request: TakeRequest,
  name: string,
): Promise<Machine> {
  let fork: Promise<Machine> | undefined;
  let resume: () => void = () => undefined;
  const resumed = new Promise<void>((resolve) => {
    resume = resolve;
  });
  const taken = takeSnapshot(source, {
    ...request,
    watch: {
      begun: ({ paused, ...unfinished }) => {
        const base: Base = { ...unfinished, variables: null };
        // From the moment that the snapshot is there, and until the fork's document protects it.
        fork = source.snapshots.whileRead(base.id, () =>
          bringUp(supervisor, source, base, name, (machine) => ({
            file: memoryPath(source, base.id),
            form: 'mapped-ram',
            paused,
            mapped: true,
            underWay: () => Promise.race([resumed, taken]).then(() => undefined),
            outfit: async () => {
              await taken;
              await giveConsole(source, base, machine.directory);
            },
          })),
        );
        fork.catch(() => undefined);
      },
      resumed: resume,
    },
  });
  // Without its snapshot the fork fails as well: that one's fault is the cause.
  const [snapshot] = await Promise.allSettled([taken, taken.catch(() => undefined).then(() => fork)]);
  if (snapshot.status === 'rejected') throw snapshot.reason;
  // It has ended by itself before the snapshot began.
  if (fork === undefined) throw new Fault(notRunning);
  return fork;
}

/** In the library for good only when its guest is about to run. */
async function bringUp(
  supervisor: Supervisor,
  source: Machine,
  base: Base,
  name: string,
  memory: (fork: Machine) => StartMemory,
): Promise<Machine> {
  const { library } = supervisor.context;
  const { id } = await makeLinked(supervisor, source, base, { name, unborn: true });
  const fork = supervisor.add(id);
  // From now on it is protected: its source shows who builds on it.
  source.snapshots.changes.publish('changed');
  try {
    await fork.alone(() => startInHold(fork, { ...memory(fork), spend: () => library.confirm(id) }));
    return fork;
  } catch (error) {
    // What cannot be removed now is removed at the next start.
    await deleteMachine(supervisor, id, undefined).catch((left: unknown) =>
      source.log.note(`What was made of the fork “${name}” could not be removed: ${left}`),
    );
    throw error;
  }
}
