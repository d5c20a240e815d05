// Finds the VM that a person means, by id or by name.
import { Fault } from '../contract/fault.ts';
import type { VmEvent, VmView } from '../contract/vm.ts';
import type { ContractClient } from '../transport/control-client.ts';

/** What the list shows for a VM whose definition cannot be read. */
export function nameOf(vm: VmView): string {
  return vm.definition?.name ?? `(damaged) ${vm.id}`;
}

/** The whole library, as it is now. */
export async function listVms(rpc: ContractClient): Promise<VmView[]> {
  const events = await rpc.vms.watch();
  const first = await events.next();
  // Not by a signal: oRPC sends the word for that in its own time, perhaps after the connection was closed.
  await events.return();
  return first.done ? [] : allOf(first.value);
}

function allOf(event: VmEvent): VmView[] {
  return event.type === 'all' ? event.vms : [];
}

/** Throws Fault `not-found`, or `conflict` when several have the name. */
export async function findVm(rpc: ContractClient, wanted: string): Promise<VmView> {
  const vms = await listVms(rpc);
  const byId = vms.find(({ id }) => id === wanted.toLowerCase());
  if (byId) return byId;
  const [found, ...more] = vms.filter((vm) => vm.definition?.name === wanted);
  if (!found) {
    throw new Fault({
      code: 'not-found',
      message: `There is no VM called ${wanted}.`,
      remedy: 'See "armoire list" for the names and ids; upper and lower case count.',
    });
  }
  if (more.length > 0) {
    throw new Fault({
      code: 'conflict',
      message: `${more.length + 1} VMs are called ${wanted}.`,
      remedy: `Say which one by its id: ${[found, ...more].map(({ id }) => id).join(', ')}`,
    });
  }
  return found;
}

/**
 * Resolves to the VM as soon as `wanted` holds; undefined when `timeoutMs` passes first, the VM is deleted, or `signal`
 * says that nobody waits any more.
 */
export async function waitForVm(
  rpc: ContractClient,
  id: string,
  wanted: (vm: VmView) => boolean,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<VmView | undefined> {
  const events = await rpc.vms.watch();
  let ending: Promise<unknown> | undefined;
  const end = () => {
    ending ??= events.return();
    return ending;
  };
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  try {
    for await (const event of events) {
      if (event.type === 'removed' && event.id === id) return undefined;
      const vm = event.type === 'changed' ? event.vm : allOf(event).find((one) => one.id === id);
      if (vm?.id === id && wanted(vm)) return vm;
    }
    return undefined;
  } catch (error) {
    if (ending) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
    await end();
  }
}
