// New VMs: made from a request, or as a copy of another.
import { Fault } from '../contract/fault.ts';
import type { CreateRequest } from '../contract/vm.ts';
import { refuseErrors } from './check.ts';
import { deleteMachine } from './delete.ts';
import type { Machine } from './machine.ts';
import { provisionVm } from './provision.ts';
import { startMachine } from './start.ts';
import type { Supervisor } from './supervisor.ts';

/** Throws Fault `bad-input` and the like for a VM that would not start, `cancelled`; then nothing was made. */
export async function createMachine(supervisor: Supervisor, request: CreateRequest): Promise<Machine> {
  const { context } = supervisor;
  await refuseErrors(request, { context });
  const qemu = await context.finder.require();
  const { definition, provisions } = request;
  const imports = provisions.some(({ kind }) => kind === 'copy-disk');
  const spec = {
    kind: imports ? 'import' : 'create',
    vm: null,
    title: `Creating “${definition.name}”`,
  } as const;
  const { id } = await context.jobs.run(spec, (job) =>
    context.library.create(definition, async (directory) => {
      const settled = await provisionVm(definition, provisions, {
        directory,
        resourcesDirectory: context.resourcesDirectory,
        qemu,
        job,
      });
      job.settle(false);
      return { definition: settled };
    }),
  );
  return supervisor.add(id);
}

/**
 * Creates and starts. A VM whose start was called off stays, and so does one that QEMU refuses, shown as crashed with the reason; where the start never came to
 * a QEMU (a port that was taken a moment ago), nothing is left, and the fault is thrown.
 */
export async function createAndStart(supervisor: Supervisor, request: CreateRequest): Promise<Machine> {
  const machine = await createMachine(supervisor, request);
  try {
    await startMachine(machine);
  } catch (error) {
    const calledOff = error instanceof Fault && error.code === 'cancelled';
    if (calledOff || machine.state !== 'stopped') return machine;
    await deleteMachine(supervisor, machine.id, undefined);
    throw error;
  }
  return machine;
}
