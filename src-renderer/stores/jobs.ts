// A mirror of the work that is under way on the main side, and the way to stop it.
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Job } from '../../src-main/contract/job.ts';
import { client } from '../client/client.ts';
import { faultOf } from '../client/faults.ts';
import { subscribe } from '../client/subscribe.ts';
import { showToast } from '../components/toasts.ts';

export const jobs = createStore<{ all: readonly Job[] }>(() => ({ all: [] }));

/** Starts the mirror; the returned function ends it. */
export function mirrorJobs(): () => void {
  return subscribe(
    (signal) => client.jobs.watch(undefined, { signal }),
    (all) => jobs.setState({ all }, true),
  );
}

/** Those of one VM; null: those that make a new one. */
export function useJobs(vm: string | null): readonly Job[] {
  const all = useStore(jobs, (state) => state.all);
  return useMemo(() => all.filter((job) => job.vm === vm), [all, vm]);
}

/** Everything is afterwards as it was before; the request that began the work fails with `cancelled`. */
export async function cancelJob(job: string): Promise<void> {
  try {
    await client.jobs.cancel({ job });
  } catch (error) {
    showToast({ kind: 'fault', fault: faultOf(error) });
  }
}
