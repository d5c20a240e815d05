// Deleting a VM: never one that runs, or may be running.
import { Fault } from '../contract/fault.ts';
import { wordPair } from '../lib/process-table.ts';
import { processesWithUuid } from './adopt.ts';
import type { Machine } from './machine.ts';
import { collectHidden } from './snapshots/merge.ts';
import type { Supervisor } from './supervisor.ts';
import { beingHandled } from './wrong-state.ts';

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
    const bases = basesOf(machine);
    await supervisor.context.library.delete(id, trash);
    await supervisor.remove(id);
    for (const base of bases) letGoOf(base);
  });
}

/** VMs whose snapshots it builds on. */
function basesOf({ record, context }: Machine): Machine[] {
  if (record.kind === 'damaged') return [];
  const owners = new Set(
    Object.values(record.document.base?.layers ?? {}).flatMap((layers) => layers.map(({ vm }) => vm)),
  );
  return context.machines().filter(({ id }) => id !== record.id && owners.has(id));
}

/** What was kept for the VM that is gone alone can go. */
function letGoOf(base: Machine): void {
  base.snapshots.changes.publish('changed');
  base.keepUp(() => collectHidden(base));
}

/** Linked clones and forks build on its disks. Throws Fault `wrong-state` naming them. */
function refuseNeeded(machine: Machine): void {
  if (machine.snapshots.read.size > 0) throw beingHandled('delete');
  const users = machine.context.machines().flatMap(({ id, record }) => {
    if (id === machine.id) return [];
    if (record.kind === 'damaged') return record.mentions.includes(machine.id) ? [`“${id}”`] : [];
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
