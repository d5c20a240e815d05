// Snapshots of a running guest: Armoire's against QEMU's own in the same guest, in alternating runs.
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerClient } from '../../../e2e/support/client.ts';
import { say } from '../script.ts';
import { removeVm, stopVm } from './armoire-run.ts';
import { startByHand } from './by-hand.ts';
import { firstGrowth } from './first-growth.ts';
import { internalSnapshot } from './internal-snapshot.ts';
import { type Measurement, median, millisecondsSince } from './measure.ts';
import { installSecondMonitor, type SecondMonitor } from './second-monitor.ts';
import {
  type ArmoireGuest,
  consoleFileOf,
  createGuest,
  dirtyMiB,
  doInstead,
  type HandGuest,
  makeDirty,
  slowTick,
  startGuest,
  startHandGuest,
  stopGuest,
  tick,
} from './snapshot-guest.ts';
import { measureDelete } from './snapshot-space.ts';
import { type Standstill, standstillOf } from './standstill.ts';

interface Guest {
  readonly title: string;
  readonly dirtyMiB: number;
  /** Of snapshot-save's pause. */
  readonly pauseAtMost: number;
  /** Of QEMU's start and a quarter of snapshot-load; left out: not judged. */
  readonly restoreAtMost?: number;
  /** Milliseconds; left out: not judged. */
  readonly forkAtMostMs?: number;
}

const idle: Guest = { title: 'idle 1 GiB', dirtyMiB: 0, pauseAtMost: 0.1, forkAtMostMs: 1000 };
/** Its fork while it runs writes that much memory first: so fast as the computer gives room for it. */
const dirty: Guest = {
  title: `1 GiB with ${dirtyMiB} MB dirty`,
  dirtyMiB,
  pauseAtMost: 0.6,
  restoreAtMost: 1,
};

export async function measureSnapshots(client: ServerClient, rounds: number): Promise<Measurement[]> {
  const monitor = await installSecondMonitor(client);
  try {
    return [
      ...(await measureGuest(client, monitor, rounds, idle)),
      ...(await measureGuest(client, monitor, rounds, dirty)),
      ...(await measureDelete(client, monitor)),
    ];
  } finally {
    await monitor.remove();
  }
}

async function measureGuest(
  client: ServerClient,
  monitor: SecondMonitor,
  rounds: number,
  kind: Guest,
): Promise<Measurement[]> {
  const prepare = async (console: Parameters<typeof makeDirty>[0]) => {
    if (kind.dirtyMiB > 0) await makeDirty(console, kind.dirtyMiB);
    console.type(tick);
  };
  say(`      ${kind.title}: two guests are prepared`);
  const hand = await startHandGuest(client, monitor, prepare);
  await hand.qmp.execute('stop');
  const { id } = await createGuest(client);
  const armoire = await startGuest(client, monitor, id, prepare);
  say(`      ${kind.title}: snapshots`);
  const pauses = await measurePauses(client, armoire, hand, rounds);
  await hand.qmp.execute('stop');
  say(`      ${kind.title}: forks`);
  await doInstead(client, id, slowTick);
  const forks = await measureForks(client, { id, snapshot: null }, rounds);
  const base = (await client.rpc.snapshots.take({ id, name: 'base', note: '' })).id;
  const snapshotForks = await measureForks(client, { id, snapshot: base }, rounds);
  await doInstead(client, id, tick);
  const snapshot = (await client.rpc.snapshots.take({ id, name: 'point', note: '' })).id;
  await stopGuest(client, armoire);
  await hand.run.end();
  say(`      ${kind.title}: restores`);
  const restores = await measureRestores(client, monitor, { id, snapshot, hand, rounds });
  await removeVm(client, id);
  return [
    ...pauseMeasurements(kind, pauses),
    ...restoreMeasurements(kind, restores, [armoire.bootMs, hand.bootMs]),
    {
      name: `${kind.title}: fork of the running VM, call to first byte`,
      unit: 'ms',
      value: median(forks.toFirstByte),
      ...(kind.forkAtMostMs !== undefined && { limit: { atMost: kind.forkAtMostMs } }),
      samples: { ...forks },
    },
    {
      name: `${kind.title}: fork of a snapshot, call to first byte`,
      unit: 'ms',
      value: median(snapshotForks.toFirstByte),
      limit: { atMost: 1000 },
      samples: { ...snapshotForks },
    },
    {
      name: `${kind.title}: ${freshMiB} MiB of memory that nobody used before, meanwhile`,
      unit: 'ms',
      value: median([...forks.freshMemory, ...snapshotForks.freshMemory]),
      samples: {},
    },
  ];
}

interface Pair<T> {
  armoire: T[];
  byHand: T[];
}

interface Pauses extends Pair<Standstill> {
  /** While nothing is done to the guest: what this computer's noise makes of the same measurement. */
  nothing: Standstill[];
}

const nothingMs = 500;

/** The guest that is not measured stands still. */
async function measurePauses(
  client: ServerClient,
  { id, qmp, consoleFile }: ArmoireGuest,
  hand: HandGuest,
  rounds: number,
): Promise<Pauses> {
  const { node } = hand;
  const found: Pauses = { armoire: [], byHand: [], nothing: [] };
  for (let round = 0; round < rounds; round += 1) {
    const tag = `hand${round}`;
    await client.rpc.vms.pause({ id });
    await hand.qmp.execute('cont');
    found.byHand.push(
      await standstillOf(hand.qmp, hand.run.consoleFile, () =>
        internalSnapshot(hand.qmp, 'save', { tag, node }),
      ),
    );
    await hand.qmp.execute('stop');
    // The last one stays, to be loaded.
    if (round < rounds - 1) await internalSnapshot(hand.qmp, 'delete', { tag, node });
    await client.rpc.vms.resume({ id });
    found.nothing.push(await standstillOf(qmp, consoleFile, () => sleep(nothingMs)));
    let snapshot = '';
    found.armoire.push(
      await standstillOf(qmp, consoleFile, async () => {
        snapshot = (await client.rpc.snapshots.take({ id, name: tag, note: '' })).id;
      }),
    );
    await client.rpc.snapshots.delete({ id, snapshot });
  }
  return found;
}

function pauseMeasurements(
  { title, pauseAtMost }: Guest,
  { armoire, byHand, nothing }: Pauses,
): Measurement[] {
  const each = (pick: (one: Standstill) => number) => ({
    armoire: armoire.map(pick),
    byHand: byHand.map(pick),
    nothing: nothing.map(pick),
  });
  const silent = each((one) => one.silentMs);
  const stopped = each((one) => one.stoppedMs);
  const answers = each((one) => one.slowestAnswerMs);
  const whole = each((one) => one.wholeMs);
  return [
    {
      name: `${title}: guest's silence during a snapshot: Armoire / snapshot-save`,
      unit: 'ratio',
      value: median(silent.armoire) / median(silent.byHand),
      limit: { atMost: pauseAtMost },
      samples: silent,
    },
    {
      name: `${title}: from STOP to RESUME: Armoire / snapshot-save`,
      unit: 'ratio',
      value: median(stopped.armoire) / median(stopped.byHand),
      samples: stopped,
    },
    { name: `${title}: guest's silence`, unit: 'ms', value: median(silent.armoire), samples: {} },
    {
      name: `${title}: guest's silence while nothing is done to it`,
      unit: 'ms',
      value: median(silent.nothing),
      samples: {},
    },
    {
      name: `${title}: QMP's slowest answer during a snapshot`,
      unit: 'ms',
      value: Math.max(...answers.armoire),
      limit: { atMost: 100 },
      samples: answers,
    },
    { name: `${title}: a whole snapshot`, unit: 'ms', value: median(whole.armoire), samples: whole },
  ];
}

interface Forks {
  /** Until the call is answered: the new VM runs. */
  toAnswer: number[];
  /** Until the new VM has printed. */
  toFirstByte: number[];
  /** Before each: a fork takes some 150 MiB that nobody used before, and computers differ most in what that costs. */
  freshMemory: number[];
}

const freshMiB = 64;

function freshMemory(): number {
  const started = performance.now();
  const memory = Buffer.alloc(freshMiB * 1024 ** 2);
  for (let at = 0; at < memory.length; at += 4096) memory[at] = 1;
  return millisecondsSince(started);
}

async function measureForks(
  client: ServerClient,
  of: { id: string; snapshot: string | null },
  rounds: number,
): Promise<Forks> {
  const found: Forks = { toAnswer: [], toFirstByte: [], freshMemory: [] };
  for (let round = 0; round < rounds; round += 1) {
    found.freshMemory.push(freshMemory());
    const started = performance.now();
    const fork = await client.rpc.vms.clone({
      ...of,
      name: `fork ${round}`,
      kind: 'fork',
      start: true,
    });
    found.toAnswer.push(millisecondsSince(started));
    // It has what the original printed before.
    const console = await consoleFileOf(client, fork.id);
    await firstGrowth(console, (await stat(console)).size);
    found.toFirstByte.push(millisecondsSince(started));
    await removeVm(client, fork.id);
  }
  return found;
}

interface RestoreSubject {
  id: string;
  snapshot: string;
  hand: HandGuest;
  rounds: number;
}

interface Restores {
  /** From the call to the first byte. */
  armoire: number[];
  /** Of QEMU by hand, until it answers. */
  starts: number[];
  /** From there to the first byte after `snapshot-load`. */
  loads: number[];
}

/** Both from a machine that does not run to the first byte after the restore. */
async function measureRestores(
  client: ServerClient,
  monitor: SecondMonitor,
  { id, snapshot, hand, rounds }: RestoreSubject,
): Promise<Restores> {
  const tag = `hand${rounds - 1}`;
  const found: Restores = { armoire: [], starts: [], loads: [] };
  const consoleFile = await consoleFileOf(client, id);
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    const run = await startByHand(monitor.program, [...hand.hardware, '-S']);
    const qmp = await monitor.connect(run.pid);
    const startMs = millisecondsSince(begun);
    await internalSnapshot(qmp, 'load', { tag, node: hand.node });
    await qmp.execute('cont');
    await run.until((output) => output.length > 0);
    found.starts.push(startMs);
    found.loads.push(millisecondsSince(begun) - startMs);
    qmp.close();
    await run.end();

    await client.rpc.console.clear({ id, console: 'uart0' });
    const started = performance.now();
    const restored = client.rpc.snapshots.restore({ id, snapshot, keepPresent: null, memory: true });
    await Promise.all([
      firstGrowth(consoleFile, 0).then(() => found.armoire.push(millisecondsSince(started))),
      restored,
    ]);
    await stopVm(client, id);
  }
  return found;
}

function restoreMeasurements(
  { title, restoreAtMost }: Guest,
  restores: Restores,
  boots: readonly number[],
): Measurement[] {
  const restore = median(restores.armoire);
  const [start, load] = [median(restores.starts), median(restores.loads)];
  return [
    {
      name: `${title}: restore to first byte: Armoire / (QEMU's start + 0.25 × snapshot-load)`,
      unit: 'ratio',
      value: restore / (start + 0.25 * load),
      ...(restoreAtMost !== undefined && { limit: { atMost: restoreAtMost } }),
      samples: { ...restores },
    },
    {
      name: `${title}: restore to first byte: Armoire / (QEMU's start + snapshot-load)`,
      unit: 'ratio',
      value: restore / (start + load),
      samples: {},
    },
    {
      name: `${title}: restore to first byte / boot`,
      unit: 'ratio',
      value: restore / median(boots),
      limit: { atMost: 0.2 },
      samples: { restore: restores.armoire, boots },
    },
    { name: `${title}: restore to first byte`, unit: 'ms', value: restore, samples: {} },
  ];
}
