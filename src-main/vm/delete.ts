// Deleting a VM: never one that runs, or may be running.
import { Fault } from '../contract/fault.ts';
import { wordPair } from '../lib/process-table.ts';
import { processesWithUuid } from './adopt.ts';
import type { Machine } from './machine.ts';
import type { Supervisor } from './supervisor.ts';

/** `trash`: the system's, where there is one; else the files are gone for good. */
export async function deleteMachine(
  supervisor: Supervisor,
  id: string,
  trash: ((directory: string) => Promise<void>) | undefined,
): Promise<void> {
  const machine = supervisor.machine(id);
  await machine.atRest('delete', async () => {
    await refuseRunning(machine);
    await supervisor.context.library.delete(id, trash);
    await supervisor.remove(id);
  });
}

async function refuseRunning(machine: Machine): Promise<void> {
  const ours = wordPair('-uuid', machine.id);
  const runner = (await processesWithUuid()).find(({ commandLine }) => ours.test(commandLine));
  if (!runner) return;
  throw new Fault({
    code: 'wrong-state',
    message: `Process ${runner.pid} still runs this VM; its files are left alone.`,
    remedy: 'Stop it first.',
  });
}
