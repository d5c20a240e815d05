// What this computer, its QEMU and the boards of that QEMU are, asked once per connection and on demand.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { BoardCard } from '../../src-main/contract/board.ts';
import type { FaultData } from '../../src-main/contract/fault.ts';
import type { HostInfo } from '../../src-main/contract/host.ts';
import type { QemuReport } from '../../src-main/contract/qemu.ts';
import { client } from '../client/client.ts';
import { connection } from '../client/connection.ts';
import { faultOf } from '../client/faults.ts';

export interface HostMirror {
  info: HostInfo | null;
  qemu: QemuReport | null;
  /** null until asked; empty where no QEMU can be used. */
  boards: readonly BoardCard[] | null;
  /** Why the last question had no answer. */
  fault: FaultData | null;
}

export const host = createStore<HostMirror>(() => ({ info: null, qemu: null, boards: null, fault: null }));

export function useHost(): HostMirror {
  return useStore(host);
}

/** Asks everything again whenever a connection comes to stand; the returned function ends that. */
export function mirrorHost(): () => void {
  if (connection.getState().status === 'connected') void askHost();
  return connection.subscribe((state, before) => {
    if (state.status === 'connected' && before.status !== 'connected') void askHost();
  });
}

/** `refresh`: QEMU is looked for and probed again instead of taken from the cache. */
export async function askHost(refresh = false): Promise<void> {
  await Promise.all([
    keep(async () => ({ info: await client.host.info() })),
    keep(async () => {
      const qemu = await client.host.qemu({ refresh });
      return { qemu, boards: qemu.inUse ? await client.boards.list() : [] };
    }),
  ]);
}

async function keep(ask: () => Promise<Partial<HostMirror>>): Promise<void> {
  try {
    host.setState({ ...(await ask()), fault: null });
  } catch (error) {
    host.setState({ fault: faultOf(error) });
  }
}
