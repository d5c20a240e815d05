// The ways to end a VM: the power button for the guest, and the ladder that ends QEMU itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../contract/fault.ts';
import { errnoOf } from '../lib/errno.ts';
import { processStart } from '../lib/process-identity.ts';
import { commandLineOf, wordPair } from '../lib/process-table.ts';
import type { LiveRun } from './live-run.ts';
import type { Machine } from './machine.ts';
import type { ProcessOf } from './run-record.ts';

/** Time for each rung: QEMU flushes its disks on quit and on SIGTERM. */
const quitPatienceMs = 5000;
const terminatePatienceMs = 3000;
const killPatienceMs = 5000;
const quitAnswerMs = 1500;
const pollMs = 50;

/** Presses the guest's power button. The guest may ignore it; resolves when it was pressed. */
export async function shutDownMachine(machine: Machine): Promise<void> {
  const run = machine.requireLive('shutdown');
  await run.inTurn(async () => {
    // A guest that stands still cannot react.
    if (run.status === 'paused') await run.qmp.execute('cont');
    await run.qmp.execute('system_powerdown');
  });
  run.record = { ...run.record, shutdownRequestedAt: new Date().toISOString() };
  await machine.log.note('Asked the guest to shut down.');
  machine.changed();
  await machine.noteRun(run);
}

/** Ends QEMU, whatever the guest does. Resolves when it is gone. */
export async function forceStopMachine(machine: Machine): Promise<void> {
  machine.require('force-stop');
  const { phase } = machine;
  switch (phase.kind) {
    case 'starting':
      phase.cancel.abort();
      await phase.settled;
      // It may have come to life before it saw that it was called off.
      return machine.phase.kind === 'off' ? undefined : forceStopMachine(machine);
    case 'live':
      await endRunning(machine, phase.run);
      return phase.run.finished;
    case 'unknown':
      return endProven(machine, phase.proven);
    case 'off':
      return;
  }
}

async function endRunning(machine: Machine, run: LiveRun): Promise<void> {
  run.forceStopAsked = true;
  await machine.log.note('Force stop.');
  if (run.silentSince === undefined && (await quit(run)) && (await run.waitForEnd(quitPatienceMs))) return;
  await endProcess(machine, run.record);
}

/** False when QEMU does not answer, so that waiting for it is of no use. */
async function quit(run: LiveRun): Promise<boolean> {
  try {
    await run.qmp.execute('quit', undefined, { timeoutMs: quitAnswerMs });
    return true;
  } catch (error) {
    // The connection may end before the answer: that is an answer too.
    return !(error instanceof Fault && error.code === 'qemu-silent');
  }
}

async function endProven(machine: Machine, proven: ProcessOf | null): Promise<void> {
  if (!proven) {
    throw new Fault({
      code: 'not-permitted',
      message: 'Armoire cannot prove that this process is the VM, so it does not end it.',
      remedy: 'End the process yourself if you know what it is.',
    });
  }
  await machine.log.note('Force stop.');
  await endProcess(machine, proven);
  await machine.context.lost(machine);
}

/** Throws Fault `qemu-failed` when even that does not help (a process stuck in the kernel). */
export async function endProcess(machine: Machine, target: ProcessOf): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGTERM', terminatePatienceMs],
    ['SIGKILL', killPatienceMs],
  ] as const) {
    if (!(await isStill(machine, target))) return;
    if (!send(target.pid, signal)) return;
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      if ((await processStart(target.pid)) !== target.processStart) return;
      await sleep(pollMs);
    }
  }
  throw new Fault({
    code: 'qemu-failed',
    message: `Process ${target.pid} cannot be ended: it waits inside the system, probably for a disk.`,
    remedy: 'Wait for the disk or network storage to answer, or restart the computer.',
  });
}

/** False when the process has ended in between. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false;
    throw error;
  }
}

/** Asked again before every signal: the pid must still be the same process, and that process this VM. */
async function isStill(machine: Machine, target: ProcessOf): Promise<boolean> {
  if ((await processStart(target.pid)) !== target.processStart) return false;
  return wordPair('-uuid', machine.id).test((await commandLineOf(target.pid)) ?? '');
}
