// Finds a VM that an earlier manager started, and takes it over when pid, start time and UUID all agree.
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../contract/fault.ts';
import { bootId, processStart } from '../lib/process-identity.ts';
import { findProcesses, type ProcessEntry, wordPair } from '../lib/process-table.ts';
import { connectQmp, type QmpClient } from '../qemu/qmp.ts';
import { type AdoptionFacts, doubtFault, judge, type Verdict } from './adoption.ts';
import { beginRun, finish, lastWords } from './begin-run.ts';
import { ConsoleInput } from './console-input.ts';
import { closeAll } from './console-inputs.ts';
import { exitKind, killedFault } from './how-ended.ts';
import type { Machine } from './machine.ts';
import { consolesOf } from './machine-view.ts';
import { consoleInputPipe, qmpSocket } from './names.ts';
import { type ProcessOf, type RunningRecord, readRunRecord } from './run-record.ts';
import { hasSavedState } from './saved-state.ts';
import { recoverSnapshots } from './snapshots/recover.ts';
import { endProcess } from './stop.ts';
import { unlockVariables } from './variables-lock.ts';

/** A QEMU that has just been started opens its monitor within this. */
const youngMs = 5000;
const connectTimeoutMs = 2000;

/** Every process that has a VM's UUID on its command line, in one look at the process table. */
export function processesWithUuid(): Promise<ProcessEntry[]> {
  return findProcesses(/(^|[\0 ])-uuid[\0 ]/);
}

/**
 * Settles what the machine is: live, in doubt, or off. Never throws for what it finds.
 * `processes`: what `processesWithUuid` saw, when one look serves many machines.
 */
export function adoptMachine(machine: Machine, processes?: readonly ProcessEntry[]): Promise<void> {
  machine.adoption ??= settle(machine, processes)
    .then(() => recoverAll(machine))
    .finally(() => {
      machine.adoption = undefined;
    });
  return machine.adoption;
}

/** What an earlier manager left half done with its snapshots is ended, as soon as it is known what runs. */
async function recoverAll(machine: Machine): Promise<void> {
  try {
    await recoverSnapshots(machine);
  } catch (error) {
    await machine.log.note(`An interrupted operation could not be ended yet: ${error}`);
  }
}

async function settle(machine: Machine, processes?: readonly ProcessEntry[]): Promise<void> {
  const facts = await gather(machine, processes ?? (await processesWithUuid()));
  const verdict = judge(facts);
  switch (verdict.kind) {
    case 'off':
      if (facts.record !== null && facts.record !== 'damaged' && facts.record.phase === 'ended') {
        machine.lastExit = facts.record.exit;
      }
      machine.enter({ kind: 'off' });
      return;
    case 'ended':
      return noteEnd(machine, verdict);
    case 'doubt':
      machine.enter({ kind: 'unknown', fault: verdict.fault, proven: null });
      return;
    case 'candidate':
      return takeOver(machine, verdict);
  }
}

async function gather(machine: Machine, processes: readonly ProcessEntry[]): Promise<AdoptionFacts> {
  const record = await readRunRecord(machine.directory);
  const started = record !== null && record !== 'damaged' && record.phase !== 'ended' ? record : null;
  const ours = wordPair('-uuid', machine.id);
  const own = processes.filter(({ commandLine }) => ours.test(commandLine));
  const namesakes = await Promise.all(
    own.map(async (entry) => ({ ...entry, processStart: await processStart(entry.pid) })),
  );
  return {
    record,
    directory: machine.directory,
    originalExists:
      started !== null && started.directory !== machine.directory && (await exists(started.directory)),
    bootId: await bootId(),
    recordedProcessStart: started?.phase === 'running' ? await processStart(started.pid) : null,
    namesakes: namesakes.flatMap((entry) =>
      entry.processStart === null ? [] : [{ ...entry, processStart: entry.processStart }],
    ),
  };
}

async function takeOver(machine: Machine, verdict: Extract<Verdict, { kind: 'candidate' }>): Promise<void> {
  const { process } = verdict;
  const record: RunningRecord = { ...verdict.record, phase: 'running', ...process };
  let qmp: QmpClient | undefined;
  let inputs: ReadonlyMap<string, ConsoleInput> = new Map();
  try {
    qmp = await connectYoung(record);
    const { UUID } = await qmp.execute<{ UUID: string }>('query-uuid');
    if (UUID !== machine.id) {
      qmp.close();
      const fault = doubtFault(`process ${process.pid} answers with another UUID`, UUID);
      machine.enter({ kind: 'unknown', fault, proven: null });
      return;
    }
    if (await isNoRun(machine, qmp)) {
      qmp.close();
      return endHalfStarted(machine, process);
    }
    if (verdict.record.phase === 'starting') await machine.noteRun(record);
    inputs = await reopenInputs(record);
    await beginRun(machine, { record, qmp, inputs });
    await machine.log.note(`Found again: process ${process.pid}.`);
  } catch (error) {
    qmp?.close();
    await closeAll(inputs);
    // Gone while we asked: the next look says how it ended.
    if ((await processStart(process.pid)) !== process.processStart) return settle(machine);
    machine.enter({ kind: 'unknown', fault: silentFault(process.pid, error), proven: process });
  }
}

/**
 * Its memory is on disk, whole: it is on its way out, or was not told to go on yet. Or it waits for a memory that nobody
 * gives it any more.
 */
async function isNoRun(machine: Machine, qmp: QmpClient): Promise<boolean> {
  if (await hasSavedState(machine)) return true;
  const { status } = await qmp.execute<{ status: string }>('query-status');
  return status === 'inmigrate';
}

/** The guest has not run since its state was written: nothing is lost with this process. */
async function endHalfStarted(machine: Machine, process: ProcessOf): Promise<void> {
  await endProcess(machine, process);
  const kind = (await hasSavedState(machine)) ? 'saved' : 'force-stop';
  return finish(machine, { at: new Date().toISOString(), kind });
}

async function connectYoung(record: RunningRecord): Promise<QmpClient> {
  const socket = path.join(record.runtimeDirectory, qmpSocket);
  for (;;) {
    try {
      return await connectQmp(socket, { timeoutMs: connectTimeoutMs });
    } catch (error) {
      const young = Date.now() - Date.parse(record.startedAt) < youngMs;
      if (!young || !(error instanceof Fault) || error.code !== 'not-found') throw error;
      await sleep(50);
    }
  }
}

async function reopenInputs(record: RunningRecord): Promise<Map<string, ConsoleInput>> {
  const inputs = new Map<string, ConsoleInput>();
  for (const { id } of consolesOf(record.document.definition)) {
    const pipe = path.join(record.runtimeDirectory, consoleInputPipe(id));
    // Without its pipe a console still shows what the guest prints.
    const input = await ConsoleInput.open(pipe).catch(() => undefined);
    if (input) inputs.set(id, input);
  }
  return inputs;
}

async function noteEnd(machine: Machine, verdict: Extract<Verdict, { kind: 'ended' }>): Promise<void> {
  const { record, because } = verdict;
  await unlockVariables(machine, record.document.definition);
  const at = new Date().toISOString();
  if (because === 'host-restart') return finish(machine, { at, kind: 'host-restart' });
  const words = await machine.log.wordsOfQemu(record.logFrom);
  const socketRemains = await exists(path.join(record.runtimeDirectory, qmpSocket));
  if (because === 'never-began' && words === '' && !socketRemains) {
    await machine.clearRuntime();
    await machine.noteRun(null);
    machine.enter({ kind: 'off' });
    return;
  }
  const shutdownAsked = record.phase === 'running' && record.shutdownRequestedAt !== undefined;
  const facts = { forceStopAsked: false, shutdownAsked, panicked: false, watched: false, socketRemains };
  const kind = because === 'never-began' ? 'crashed' : exitKind(facts);
  if (kind !== 'crashed') return finish(machine, { at, kind });
  const fault = words === '' ? killedFault(facts) : undefined;
  return finish(machine, { at, kind, fault: fault ?? lastWords(words, record) });
}

function silentFault(pid: number, error: unknown): ReturnType<typeof doubtFault> {
  return {
    ...doubtFault(`process ${pid} is the QEMU that was started, but it does not answer`),
    code: 'qemu-silent',
    remedy:
      'It may be stopped by a signal: let it continue (kill -CONT), and Armoire finds it again by itself; or force it to stop.',
    detail: error instanceof Error ? error.message : String(error),
  };
}

function exists(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
}
