// Asking the main side to do something with a VM: which request each action is, what is under way, what failed.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { applyFix } from '../../src-main/contract/apply-fix.ts';
import type { FaultData } from '../../src-main/contract/fault.ts';
import type { Fix } from '../../src-main/contract/problem.ts';
import type { VmAction, VmView } from '../../src-main/contract/vm.ts';
import { client } from '../client/client.ts';
import { faultOf } from '../client/faults.ts';
import { navigate } from '../routes.ts';
import { openDialog } from './view.ts';

export interface ActionsState {
  /** Requests without an answer yet, by VM. */
  pending: ReadonlyMap<string, VmAction>;
  /** The last request's failure, by VM, until the next request or until it is dismissed. */
  faults: ReadonlyMap<string, FaultData>;
}

export const actions = createStore<ActionsState>(() => ({ pending: new Map(), faults: new Map() }));

export function usePendingAction(id: string): VmAction | undefined {
  return useStore(actions, (state) => state.pending.get(id));
}

export function useActionFault(id: string): FaultData | undefined {
  return useStore(actions, (state) => state.faults.get(id));
}

/** The actions that are one request; the others open a dialog or a page first. */
type Request =
  | 'start'
  | 'pause'
  | 'resume'
  | 'shutdown'
  | 'force-stop'
  | 'reset'
  | 'reload'
  | 'save-state'
  | 'discard-state';

const requests: Record<Request, (input: { id: string }) => Promise<VmView>> = {
  start: client.vms.start,
  pause: client.vms.pause,
  resume: client.vms.resume,
  shutdown: client.vms.shutdown,
  'force-stop': client.vms.forceStop,
  reset: client.vms.reset,
  reload: client.vms.reload,
  'save-state': client.vms.saveState,
  'discard-state': client.vms.discardState,
};

export async function requestAction(id: string, action: Request): Promise<void> {
  if (actions.getState().pending.has(id)) return;
  dismissFault(id);
  actions.setState(({ pending }) => ({ pending: new Map(pending).set(id, action) }));
  try {
    await requests[action]({ id });
  } catch (error) {
    noteFault(id, faultOf(error));
  } finally {
    actions.setState(({ pending }) => ({ pending: without(pending, id) }));
  }
}

/** What a click on an action does: a request, the question that comes before it, or a page where it is done. */
export function beginAction(vm: VmView, action: VmAction): void {
  switch (action) {
    case 'edit':
      navigate({ page: 'vm', id: vm.id, tab: 'hardware' });
      return;
    case 'restore':
      navigate({ page: 'vm', id: vm.id, tab: 'snapshots' });
      return;
    case 'snapshot':
      openDialog({ kind: 'take-snapshot', id: vm.id });
      return;
    case 'discard-state':
      openDialog({ kind: 'confirm', id: vm.id, action });
      return;
    case 'rename':
    case 'clone':
    case 'delete':
      openDialog({ kind: action, id: vm.id });
      return;
    case 'force-stop':
    case 'reset':
    case 'reload':
      if (losesWrites(vm)) openDialog({ kind: 'confirm', id: vm.id, action });
      else void requestAction(vm.id, action);
      return;
    case 'start':
    case 'pause':
    case 'resume':
    case 'shutdown':
    case 'save-state':
      void requestAction(vm.id, action);
  }
}

/** A guest without a disk that it can write to loses nothing when it is cut off; of an unknown one nobody can say. */
export function losesWrites(vm: VmView): boolean {
  if (vm.state === 'unknown' || !vm.definition) return true;
  return vm.definition.disks.some((disk) => !disk.readOnly);
}

/** Saves the definition with the fix applied. Problems and faults offer fixes; one click takes them. True when it is saved. */
export async function saveFix(vm: VmView, fix: Fix): Promise<boolean> {
  const { id, revision, definition } = vm;
  if (!definition) return false;
  try {
    await client.vms.update({ id, revision, definition: applyFix(definition, fix) });
    dismissFault(id);
    return true;
  } catch (error) {
    noteFault(id, faultOf(error));
    return false;
  }
}

/** As `saveFix`, and the running machine is started again so that it holds. */
export async function applyFixNow(vm: VmView, fix: Fix): Promise<void> {
  if (await saveFix(vm, fix)) beginAction(vm, 'reload');
}

export function dismissFault(id: string): void {
  actions.setState(({ faults }) => ({ faults: without(faults, id) }));
}

function noteFault(id: string, fault: FaultData): void {
  actions.setState(({ faults }) => ({ faults: new Map(faults).set(id, fault) }));
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
