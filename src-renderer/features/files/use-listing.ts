// The folder that the file browser shows, as main lists it.
import { useEffect, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { FileListing } from '../../../src-main/contract/host.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';

export interface ListingState {
  /** The last folder that could be listed: stays while another one is asked for. */
  readonly listing: FileListing | null;
  readonly fault: FaultData | null;
  readonly busy: boolean;
}

/** `path` null: the first allowed root. */
export function useListing(path: string | null): ListingState {
  const [state, setState] = useState<ListingState>({ listing: null, fault: null, busy: true });
  useEffect(() => {
    const controller = new AbortController();
    setState((before) => ({ ...before, busy: true }));
    const ask = async () => {
      try {
        const listing = await client.host.listFiles({ path }, { signal: controller.signal });
        if (!controller.signal.aborted) setState({ listing, fault: null, busy: false });
      } catch (error) {
        if (!controller.signal.aborted)
          setState((before) => ({ ...before, fault: faultOf(error), busy: false }));
      }
    };
    void ask();
    return () => controller.abort();
  }, [path]);
  return state;
}
