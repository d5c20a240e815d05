// Port forwards of a running VM follow the definition at once.
import type { PortForward, VmDefinition } from '../contract/definition.ts';
import { addForward, removeForward } from '../qemu/forward.ts';
import type { QmpClient } from '../qemu/qmp.ts';

/**
 * Makes the running QEMU forward what `next` says instead of what `now` says. All or nothing: when one cannot be
 * added (a busy port), what was changed before it is undone, and the fault is thrown.
 */
export async function applyForwards(qmp: QmpClient, now: VmDefinition, next: VmDefinition): Promise<void> {
  if (now.network.mode !== 'user' || next.network.mode !== 'user') return;
  const removed = without(now.network.forwards, next.network.forwards);
  const added = without(next.network.forwards, now.network.forwards);
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const forward of removed) {
      await removeForward(qmp, forward);
      undo.unshift(() => addForward(qmp, forward));
    }
    for (const forward of added) {
      await addForward(qmp, forward);
      undo.unshift(() => removeForward(qmp, forward));
    }
  } catch (error) {
    for (const step of undo) await step().catch(() => undefined);
    throw error;
  }
}

function without(all: readonly PortForward[], others: readonly PortForward[]): PortForward[] {
  return all.filter((forward) => !others.some((other) => same(forward, other)));
}

function same(a: PortForward, b: PortForward): boolean {
  return (
    a.protocol === b.protocol &&
    a.hostAddress === b.hostAddress &&
    a.hostPort === b.hostPort &&
    a.guestPort === b.guestPort
  );
}
