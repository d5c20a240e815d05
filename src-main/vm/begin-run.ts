// What start and adoption have in common: from a QEMU that answers to a machine that lives, and on to its end.
import type { ChildProcess } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { FaultData } from '../contract/fault.ts';
import type { Problem } from '../contract/problem.ts';
import type { VmExit } from '../contract/vm.ts';
import type { QmpClient } from '../qemu/qmp.ts';
import { translateFailure } from '../qemu/translate.ts';
import { verifyRunning } from '../qemu/verify-run.ts';
import type { Console } from './console.ts';
import type { ConsoleInput } from './console-input.ts';
import { exitKind, killedFault } from './how-ended.ts';
import { LiveRun } from './live-run.ts';
import type { Machine } from './machine.ts';
import { consolesOf } from './machine-view.ts';
import { qmpSocket } from './names.ts';
import type { RunningRecord } from './run-record.ts';
import { watchRun } from './run-watch.ts';
import { collectHidden } from './snapshots/merge.ts';
import { unlockVariables } from './variables-lock.ts';

export interface RunParts {
  record: RunningRecord;
  qmp: QmpClient;
  child?: ChildProcess | undefined;
  /** By console, as many as could be opened. */
  inputs: ReadonlyMap<string, ConsoleInput>;
}

/** The machine lives from here on. Throws what QMP throws; then nothing was changed and `qmp` is closed. */
export async function beginRun(machine: Machine, { record, qmp, child, inputs }: RunParts): Promise<void> {
  const consoles = consolesOf(record.document.definition).map(({ id }) => id);
  const run = new LiveRun({
    record,
    qmp,
    child,
    listener: {
      changed: () => machine.changed(),
      note: (text) => void machine.inBackground(machine.log.note(text)),
      recordChanged: () => void machine.inBackground(machine.noteRun(run)),
      pulse: () => void machine.inBackground(keepConsoles(machine, run, consoles)),
      ended: () => machine.inBackground(endRun(machine, run)),
      lost: () => machine.inBackground(loseRun(machine)),
    },
  });
  try {
    await run.refreshStatus();
    for (const problem of await verifyRunning(qmp, record.document.definition)) {
      run.setFinding(`${problem.rule} ${problem.field}`, problem);
    }
  } catch (error) {
    run.release();
    throw error;
  }
  for (const [id, input] of inputs) (await machine.console(id)).connect(input);
  machine.lastExit = undefined;
  machine.enter({ kind: 'live', run });
  // It lives: what fails in the upkeep of its logs is noted and must not end it.
  await machine.inBackground(keepConsoles(machine, run, consoles));
  watchRun(machine, run);
}

/** Logs stay below their cap, what a crash left of a rotation is ended, and a full disk does not go unseen. */
async function keepConsoles(machine: Machine, run: LiveRun, consoles: readonly string[]): Promise<void> {
  const capBytes = machine.context.settings().consoleCapMiB * 1024 * 1024;
  for (const id of consoles) {
    const console = await machine.console(id);
    const error = console.outgrows(capBytes) && (await shortened(console, capBytes, run));
    run.setFinding(`console-not-kept ${id}`, error ? notKept(id, error) : undefined);
  }
  const full = (await machine.context.library.freeBytes()) < littleRoomBytes;
  if (run.setFinding(diskFull.rule, full ? diskFull : undefined)) {
    await machine.log.note(full ? diskFull.message : 'There is room on the disk again.');
  }
}

/** Resolves to why it could not be, else to undefined. */
async function shortened(console: Console, capBytes: number, run: LiveRun): Promise<Error | undefined> {
  try {
    await run.inTurn(() => console.keepBelow(capBytes, () => run.hold()));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const littleRoomBytes = 256 * 1024;

/** QEMU drops what it cannot write, and says nothing. */
const diskFull: Problem = {
  rule: 'console-disk-full',
  field: '',
  severity: 'warning',
  message:
    'The disk that holds the library is full: what the guest prints now is lost. Free some space on it.',
};

function notKept(id: string, error: Error): Problem {
  return {
    rule: 'console-not-kept',
    field: '',
    severity: 'warning',
    message: `The log of ${id} has outgrown its limit and cannot be shortened: ${error.message}`,
  };
}

async function endRun(machine: Machine, run: LiveRun): Promise<void> {
  const { record } = run;
  await machine.disconnectConsoles();
  await unlockVariables(machine, record.document.definition);
  const socketRemains = await access(path.join(record.runtimeDirectory, qmpSocket)).then(
    () => true,
    () => false,
  );
  const facts = run.endFacts(socketRemains);
  const kind = exitKind(facts);
  const exit: VmExit = { at: new Date().toISOString(), kind };
  if (kind === 'crashed') {
    const words = await machine.log.wordsOfQemu(record.logFrom);
    exit.fault = killedFault(facts) ?? lastWords(words, record);
  }
  await finish(machine, exit);
}

export function lastWords(words: string, record: Pick<RunningRecord, 'document'>): FaultData {
  return translateFailure(words, record.document.definition);
}

/** Notes how a run ended and leaves the machine ready for the next. A full disk stops none of it. */
export async function finish(machine: Machine, exit: VmExit): Promise<void> {
  await machine.log.note(`Ended: ${exit.kind}.`);
  await machine.disconnectConsoles();
  await machine
    .clearRuntime()
    .catch((error: unknown) => machine.log.note(`What it left could not be cleared away: ${error}`));
  await machine
    .noteRun({ phase: 'ended', exit })
    .catch((error: unknown) => machine.log.note(`The end could not be noted: ${error}`));
  machine.lastExit = exit;
  machine.enter({ kind: 'off' });
  // What could not be merged while QEMU had it open.
  machine.keepUp(() => collectHidden(machine));
}

/** QEMU runs without its monitor: whoever looks again may find it. */
async function loseRun(machine: Machine): Promise<void> {
  await machine.log.note('QEMU closed its monitor and still runs.');
  await machine.context.lost(machine);
}
