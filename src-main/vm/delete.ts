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
    refuseNeeded(machine);
    await supervisor.context.library.delete(id, trash);
    await supervisor.remove(id);
    // What it was built on is free again.
    for (const other of supervisor.all()) {
      if (other.snapshots.manifests.size > 0) other.snapshots.changes.publish('changed');
    }
  });
}

/** Linked clones and forks build on its disks. Throws Fault `wrong-state` naming them. */
function refuseNeeded(machine: Machine): void {
  const users = machine.context.machines().flatMap(({ id, record }) => {
    if (id === machine.id || record.kind === 'damaged') return [];
    const { base, definition } = record.document;
    const layers = Object.values(base?.layers ?? {}).flat();
    return layers.some(({ vm }) => vm === machine.id) ? [`“${definition.name}”`] : [];
  });
  if (users.length === 0) return;
  throw new Fault({
    code: 'wrong-state',
    message: `The disks of ${users.join(', ')} build on this VM: it stays while they do.`,
    remedy: 'Delete those VMs first, or make full clones of them.',
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
