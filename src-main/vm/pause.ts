// Pause, resume and reset: what QEMU does at a word.
import type { Machine } from './machine.ts';

/** The vCPUs stand still. Throws Fault `wrong-state`, `qemu-silent`. */
export async function pauseMachine(machine: Machine): Promise<void> {
  const run = machine.requireLive('pause');
  await run.inTurn(async () => {
    await run.qmp.execute('stop');
    run.setStatus('paused');
  });
  await machine.log.note('Paused.');
}

/** Throws Fault `wrong-state`, `qemu-silent`, `qemu-failed` when QEMU cannot go on (after a disk error). */
export async function resumeMachine(machine: Machine): Promise<void> {
  const run = machine.requireLive('resume');
  await run.inTurn(async () => {
    await run.qmp.execute('cont');
    await run.refreshStatus();
  });
  await machine.log.note('Resumed.');
}

/** As the reset button does: the guest is not asked. A paused VM stays paused. */
export async function resetMachine(machine: Machine): Promise<void> {
  const run = machine.requireLive('reset');
  await run.inTurn(() => run.qmp.execute('system_reset'));
}
