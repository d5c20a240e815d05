// Start: prepares, notes the intent, lets QEMU go, and waits until it answers.
import path from 'node:path';
import { Fault, toFaultData } from '../contract/fault.ts';
import { bootId } from '../lib/process-identity.ts';
import { wordPair } from '../lib/process-table.ts';
import { commandLine, wordsOf } from '../qemu/command-line.ts';
import { settleLaunch } from '../qemu/launch.ts';
import { killQemu, spawnQemu, untilQemuAnswers } from '../qemu/process.ts';
import { adoptMachine, processesWithUuid } from './adopt.ts';
import { beginRun, finish, lastWords } from './begin-run.ts';
import { bootFilesOf, stampBootFiles } from './boot-files.ts';
import { checkBeforeStart } from './check.ts';
import type { ConsoleInput } from './console-input.ts';
import { closeAll, prepareConsoles } from './console-inputs.ts';
import type { VmDocument } from './document.ts';
import { growDisks } from './grow-disks.ts';
import { launchContext } from './launch-context.ts';
import type { Machine } from './machine.ts';
import { qmpSocket } from './names.ts';
import type { RunningRecord, StartingRecord } from './run-record.ts';
import { consoleOffsets } from './run-watch.ts';
import { resumeMemory } from './saved-state.ts';
import { recoverOperation } from './snapshots/recover.ts';
import { restoreInHold } from './snapshots/restore.ts';
import {
  goOn,
  type Incoming,
  loadIncoming,
  mappedFile,
  prepareIncoming,
  type StartMemory,
} from './start-memory.ts';
import { storing } from './storage-fault.ts';
import { lockVariables, passLockOn, unlockVariables } from './variables-lock.ts';

/** A QEMU that has not opened its monitor by then never will. */
const monitorPatienceMs = 20_000;

/**
 * Resolves when QEMU answers: from the saved state where there is one, from the snapshot that every start begins from,
 * else by a boot. Throws a `Fault` with the cause; then nothing runs.
 */
export async function startMachine(machine: Machine): Promise<void> {
  refuseWindows();
  await machine.upkept();
  machine.require('start');
  const { library } = machine.context;
  // What is left of a fork that failed is a VM like any other from now on.
  if (library.isUnborn(machine.id)) await library.confirm(machine.id);
  if (machine.unfinished) await machine.atRest('start', () => recoverOperation(machine));
  const { resetTo } = library.usable(machine.id).document;
  if (machine.saved) {
    return machine.atRest('start', async () => startInHold(machine, await resumeMemory(machine)));
  }
  if (resetTo === null) return startInHold(machine);
  await machine.atRest('start', async () => {
    const memory = machine.snapshots.require(resetTo).memory !== null;
    await restoreInHold(machine, resetTo, { keepPresent: null, memory, mapped: true }).catch(aboutReset);
    if (!memory) await startInHold(machine);
  });
}

/** Whoever starts has not asked for that snapshot now, and cannot choose another way here. */
function aboutReset(error: unknown): never {
  if (!(error instanceof Fault) || !['damaged', 'unsupported', 'not-found'].includes(error.data.code))
    throw error;
  throw new Fault({
    ...error.data,
    message: `Every start of this VM begins from a snapshot that cannot be restored. ${error.data.message}`,
    remedy:
      'Let it start from the present again, or restore that snapshot without its memory (Snapshots tab).',
  });
}

/** For a verb that holds the machine already. */
export async function startInHold(machine: Machine, memory?: StartMemory): Promise<void> {
  const { document: noted } = machine.context.library.usable(machine.id);
  const document = memory?.definition ? { ...noted, definition: memory.definition } : noted;
  const cancel = new AbortController();
  // In a later turn: nothing of it may happen before the state says so.
  const attempt = Promise.resolve().then(() => attemptStart(machine, document, memory, cancel.signal));
  const settled = machine.inBackground(attempt.catch(() => undefined));
  machine.enter({ kind: 'starting', cancel, settled });
  await attempt;
}

/**
 * On Windows QEMU's file chardev has no input path (chardev/char-file.c) and Node has no unix sockets: there the
 * console and QMP would need other ways.
 */
function refuseWindows(): void {
  if (process.platform !== 'win32') return;
  throw new Fault({
    code: 'unsupported',
    message: 'Armoire cannot run VMs on Windows yet.',
    remedy: 'Run Armoire in WSL or on another computer, and use it from the browser here.',
  });
}

async function attemptStart(
  machine: Machine,
  document: VmDocument,
  memory: StartMemory | undefined,
  signal: AbortSignal,
): Promise<void> {
  try {
    await refuseDouble(machine);
    await launchMachine(machine, document, memory, signal);
  } catch (error) {
    await settleFailure(machine, error);
    throw signal.aborted ? calledOff : error;
  }
}

const calledOff = new Fault({
  code: 'cancelled',
  message: 'The start was called off.',
  remedy: 'Start the VM again when you wish.',
});

/** A QEMU of this VM that runs although nobody noted it is found before a second one writes to the same disks. */
async function refuseDouble(machine: Machine): Promise<void> {
  const ours = wordPair('-uuid', machine.id);
  const found = (await processesWithUuid()).filter(({ commandLine }) => ours.test(commandLine));
  if (found.length === 0) return;
  await adoptMachine(machine, found);
  const { phase } = machine;
  if (phase.kind === 'unknown') throw new Fault(phase.fault);
  throw new Fault({
    code: 'wrong-state',
    message: 'A QEMU of this VM was running already; it was found again.',
    remedy: 'Look at its state: use it as it is, or stop it first.',
  });
}

async function launchMachine(
  machine: Machine,
  document: VmDocument,
  memory: StartMemory | undefined,
  signal: AbortSignal,
): Promise<void> {
  const qemu = await machine.context.finder.require();
  await checkBeforeStart(machine, document.definition, qemu);
  const inputs = await prepareConsoles(machine, document);
  try {
    const layers = machine.layers({ ...document.present, definition: document.definition });
    const { directory } = machine;
    if (!memory) await growDisks(document.definition, { directory, layers }, qemu);
    const incoming =
      memory && (await prepareIncoming(machine, memory, document.definition, { qemu, signal }));
    const launch = await settleLaunch(
      document.definition,
      launchContext(document.definition, {
        id: machine.id,
        directory: machine.directory,
        runtimeDirectory: machine.runtimeDirectory,
        qemu,
        host: machine.context.host,
        resourcesDirectory: machine.context.resourcesDirectory,
        layers,
        incoming: memory !== undefined,
        mappedRam: incoming?.ram,
      }),
    );
    const explained = commandLine(document.definition, launch);
    const starting: StartingRecord = {
      phase: 'starting',
      bootId: await bootId(),
      directory: machine.directory,
      runtimeDirectory: machine.runtimeDirectory,
      startedAt: new Date().toISOString(),
      qemuPath: qemu.path,
      qemuVersion: qemu.version.text,
      accelerator: launch.accelerator,
      document,
      logFrom: await machine.log.begin(),
      arguments: explained,
      ...(incoming?.ram && { mapped: await mappedFile(incoming.ram) }),
      bootFiles: await stampBootFiles(bootFilesOf(document.definition), machine.directory),
      // A guest that goes on from its memory has printed before: that it is silent now is a sign of nothing.
      consoleFrom: memory
        ? Object.fromEntries([...inputs.keys()].map((id) => [id, -1]))
        : await consoleOffsets(machine, [...inputs.keys()]),
    };
    await machine.noteRun(starting);
    signal.throwIfAborted();
    await lockVariables(machine, document.definition);
    await letGo(machine, { starting, words: wordsOf(explained), inputs, incoming, signal });
  } catch (error) {
    await closeAll(inputs);
    await unlockVariables(machine, document.definition);
    throw error;
  }
}

interface LetGo {
  starting: StartingRecord;
  words: string[];
  inputs: ReadonlyMap<string, ConsoleInput>;
  /** Left out: the guest begins anew. */
  incoming: Incoming | undefined;
  signal: AbortSignal;
}

async function letGo(machine: Machine, { starting, words, inputs, incoming, signal }: LetGo): Promise<void> {
  const { definition } = starting.document;
  const started = await storing('starting the VM', machine.directory, () =>
    spawnQemu({
      program: starting.qemuPath,
      words,
      cwd: '/',
      logPath: machine.log.file,
      inherit: [...inputs.values()].map((input) => input.descriptor),
    }),
  );
  try {
    const { pid, startTime, child } = started;
    let record: RunningRecord = { ...starting, phase: 'running', pid, processStart: startTime };
    const answer = untilQemuAnswers(started, {
      qmpSocket: path.join(starting.runtimeDirectory, qmpSocket),
      patienceMs: monitorPatienceMs,
      signal,
      explain: (words) => {
        throw new EarlyEnd(lastWords(words, starting));
      },
    });
    // Without a start time it has ended already: its last words come with the answer.
    const noted = async () => {
      if (startTime === '') return;
      await machine.noteRun(record);
      await passLockOn(machine, definition, record);
    };
    const [qmp] = await Promise.all([answer, noted()]);
    if (incoming) await loadIncoming(machine, qmp, incoming, signal);
    if (incoming?.ram && incoming.settled) {
      record = { ...record, mapped: await mappedFile(incoming.ram) };
      await machine.noteRun(record);
    }
    await beginRun(machine, { record, qmp, child, inputs });
    if (incoming) await goOn(machine, incoming.memory);
    await machine.log.note(`Started: process ${pid}, QEMU ${record.qemuVersion}, ${record.accelerator}.`);
  } catch (error) {
    // It is our own child: its pid cannot be anyone else's before we have seen it end.
    await killQemu(started);
    throw error;
  }
}

/** QEMU was there, and ended by itself. */
class EarlyEnd extends Fault {}

/** A start that never came to a QEMU changes nothing; one that QEMU ended is a crash; one that was called off neither. */
async function settleFailure(machine: Machine, error: unknown): Promise<void> {
  if (machine.phase.kind !== 'starting') return;
  const at = new Date().toISOString();
  if (machine.phase.cancel.signal.aborted) return finish(machine, { at, kind: 'force-stop' });
  const fault = toFaultData(error);
  await machine.log.note(`Not started: ${fault.message}`);
  if (error instanceof EarlyEnd || fault.code === 'qemu-silent') {
    return finish(machine, { at, kind: 'crashed', fault });
  }
  await machine.clearRuntime();
  await restoreRunRecord(machine);
  machine.enter({ kind: 'off' });
}

/** What was told of the last run still holds. */
async function restoreRunRecord(machine: Machine): Promise<void> {
  const { lastExit: exit } = machine;
  const restore = machine.noteRun(exit ? { phase: 'ended', exit } : null);
  await restore.catch((error: unknown) => machine.log.note(`The state could not be noted: ${error}`));
}
