// Forks: running VMs that go on from the memory of a snapshot, or of a VM that runs.
import { Fault, type FaultData, toFaultData } from '../../contract/fault.ts';
import { canMapRam } from '../../qemu/memory-overlay.ts';
import { deleteMachine } from '../delete.ts';
import type { JobHandle } from '../jobs.ts';
import type { LiveRun } from '../live-run.ts';
import type { Machine } from '../machine.ts';
import { usableSnapshot } from '../snapshots/damage.ts';
import { giveConsole, variablesOf } from '../snapshots/files.ts';
import { memoryPath, settleMemories, usableMemory } from '../snapshots/memory.ts';
import { collectHidden } from '../snapshots/merge.ts';
import { type TakeRequest, takeSnapshot } from '../snapshots/take.ts';
import { startInHold } from '../start.ts';
import type { StartMemory } from '../start-memory.ts';
import type { Supervisor } from '../supervisor.ts';
import type { CloneRequest } from './clone.ts';
import { type Base, baseRequest, makeLinked } from './linked.ts';

/** Throws as `cloneMachine`; the fork is gone then. */
export async function forkOf(
  supervisor: Supervisor,
  source: Machine,
  { name, snapshot }: CloneRequest,
  job: JobHandle,
): Promise<Machine> {
  if (snapshot !== null) {
    job.settle(false);
    return forkOfSnapshot(supervisor, source, snapshot, name);
  }
  const { phase } = source;
  if (phase.kind !== 'live') throw new Fault(notRunning);
  // The fork goes on from it at once.
  const request: TakeRequest = { ...baseRequest(name, job), settleLater: true, unlessLive: notRunning };
  try {
    if (await canStartEarly(source, phase.run)) {
      return await forkOfRunning(supervisor, source, request, { name, job });
    }
    const taken = await takeSnapshot(source, request);
    job.settle(false);
    return await forkOfSnapshot(supervisor, source, taken, name);
  } finally {
    // Not before: half a GiB on its way to the disk would hold up the fork's own files.
    void source.inBackground(settleMemories(source));
  }
}

const notRunning: FaultData = {
  code: 'wrong-state',
  message: 'The VM is not running: there is no memory that a fork could go on from.',
  remedy: 'Start it first, fork a snapshot with memory, or make a linked clone.',
};

function forkOfSnapshot(supervisor: Supervisor, source: Machine, id: string, name: string): Promise<Machine> {
  return source.whileRead(id, async () => {
    const manifest = await usableSnapshot(source, id);
    const memory = await usableMemory(source, manifest, {
      mapped: true,
      without: {
        message: `The snapshot “${manifest.name}” holds disks alone: there is no memory that a fork could go on from.`,
        remedy: 'Make a linked clone of it instead.',
      },
    });
    return bringUp(supervisor, source, manifest, name, (fork) => ({
      ...memory,
      outfit: () => giveConsole(source, manifest, fork.directory),
    }));
  });
}

/**
 * Whether its QEMU can be started while the memory is still being saved: the RAM is mapped, what is written to the file
 * later shows in it (Linux says so, of others it is not known), and nothing that QEMU reads at its start can change
 * meanwhile, as firmware variables could.
 */
async function canStartEarly(source: Machine, { record }: LiveRun): Promise<boolean> {
  const { definition } = record.document;
  const { features, imgPath } = await source.context.finder.require();
  return (
    process.platform === 'linux' &&
    features.includes('mapped-ram') &&
    imgPath !== undefined &&
    canMapRam(definition) &&
    (await variablesOf(source.directory, definition)) === undefined
  );
}

/**
 * The snapshot is taken and the fork is started at the same time: each takes about as long as the other. A start that
 * fails is tried once more when the snapshot is whole.
 */
async function forkOfRunning(
  supervisor: Supervisor,
  source: Machine,
  request: TakeRequest,
  { name, job }: { name: string; job: JobHandle },
): Promise<Machine> {
  let early: Promise<Machine> | undefined;
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
        early = source.snapshots.whileRead(base.id, () =>
          bringUp(supervisor, source, base, name, (fork) => ({
            file: memoryPath(source, base.id),
            form: 'mapped-ram',
            paused,
            mapped: true,
            underWay: () => Promise.race([resumed, taken]).then(() => undefined),
            outfit: async () => {
              await taken;
              job.settle(false);
              await giveConsole(source, base, fork.directory);
            },
          })),
        );
        early.catch(() => undefined);
      },
      resumed: resume,
    },
  });
  // Neither is left under way when the other has failed.
  const [snapshot, fork] = await Promise.allSettled([taken, taken.catch(() => undefined).then(() => early)]);
  if (snapshot.status === 'rejected') {
    // What the fork has kept from being merged.
    source.keepUp(() => collectHidden(source));
    throw snapshot.reason;
  }
  if (fork.status === 'fulfilled' && fork.value) return fork.value;
  if (fork.status === 'rejected' && toFaultData(fork.reason).code === 'cancelled') throw fork.reason;
  return forkOfSnapshot(supervisor, source, snapshot.value, name);
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
  const fork = await makeLinked(supervisor, source, base, { name, unborn: true });
  const { id } = fork;
  try {
    await fork.alone(() => startInHold(fork, { ...memory(fork), spend: () => library.confirm(id) }));
    // It has ended between its load and its first step.
    if (library.isUnborn(id)) throw new Fault(endedEarly);
    return fork;
  } catch (error) {
    const told = await faultOfFork(fork, error);
    await remove(supervisor, fork).catch((left: unknown) =>
      source.log.note(`What was made of the fork “${name}” could not be removed: ${left}`),
    );
    throw told;
  }
}

const endedEarly: FaultData = {
  code: 'qemu-failed',
  message: 'QEMU ended before the fork could go on.',
  remedy: 'Make a linked clone instead: it starts from the same disks.',
};

/** Its own log goes with it: QEMU's words are kept. What is said of a VM that can be started again fits no fork. */
async function faultOfFork(fork: Machine, error: unknown): Promise<unknown> {
  if (!(error instanceof Fault)) return error;
  const { data } = error;
  if (data.code === 'cancelled') {
    return new Fault({
      code: 'cancelled',
      message: 'The fork was called off.',
      remedy: 'Nothing of it is left.',
    });
  }
  if (!['qemu-failed', 'damaged', 'unsupported'].includes(data.code)) return error;
  const words = await fork.log.wordsOfQemu(0).catch(() => '');
  const detail = [data.detail, words].filter(Boolean).join('\n');
  return new Fault(
    { ...data, remedy: endedEarly.remedy, ...(detail !== '' && { detail }) },
    { cause: error },
  );
}

/** A failed start has ended its QEMU; how that ended is noted first. */
async function remove(supervisor: Supervisor, fork: Machine): Promise<void> {
  if (fork.phase.kind === 'live') await fork.phase.run.finished;
  await deleteMachine(supervisor, fork.id, undefined);
}
