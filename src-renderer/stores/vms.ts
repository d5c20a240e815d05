// A mirror of the main side's VMs, written by the subscription alone.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { VmEvent, VmView } from '../../src-main/contract/vm.ts';
import { client } from '../client/client.ts';
import { subscribe } from '../client/subscribe.ts';

export interface VmsMirror {
  /** False until the first whole truth has come. */
  known: boolean;
  seq: number;
  byId: ReadonlyMap<string, VmView>;
}

export const vms = createStore<VmsMirror>(() => ({ known: false, seq: 0, byId: new Map() }));

/** The mirror after an event. What is older than the mirror changes nothing. */
export function applyVmEvent(mirror: VmsMirror, event: VmEvent): VmsMirror {
  switch (event.type) {
    case 'all':
      return { known: true, seq: event.seq, byId: new Map(event.vms.map((vm) => [vm.id, vm])) };
    case 'changed':
      if (event.seq <= mirror.seq) return mirror;
      return { ...mirror, seq: event.seq, byId: new Map(mirror.byId).set(event.vm.id, event.vm) };
    case 'removed': {
      if (event.seq <= mirror.seq) return mirror;
      const byId = new Map(mirror.byId);
      byId.delete(event.id);
      return { ...mirror, seq: event.seq, byId };
    }
  }
}

/** Starts the mirror; the returned function ends it. */
export function mirrorVms(): () => void {
  return subscribe(
    (signal) => client.vms.watch(undefined, { signal }),
    (event) => vms.setState((mirror) => applyVmEvent(mirror, event), true),
  );
}

export function useVms(): VmsMirror {
  return useStore(vms);
}

export function useVm(id: string): VmView | undefined {
  return useStore(vms, (mirror) => mirror.byId.get(id));
}
