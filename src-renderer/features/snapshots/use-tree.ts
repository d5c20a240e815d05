// A machine's tree of snapshots, followed while it is shown.
import { useEffect, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { SnapshotTree } from '../../../src-main/contract/snapshot.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import { subscribe } from '../../client/subscribe.ts';

export interface FollowedTree {
  /** null until the first one has come. */
  readonly tree: SnapshotTree | null;
  readonly fault: FaultData | null;
}

const nothingYet: FollowedTree = { tree: null, fault: null };

export function useTree(id: string): FollowedTree {
  const [followed, setFollowed] = useState(nothingYet);
  useEffect(() => {
    setFollowed(nothingYet);
    return subscribe(
      (signal) => client.snapshots.watch({ id }, { signal }),
      (tree) => setFollowed({ tree, fault: null }),
      (error) => setFollowed(({ tree }) => ({ tree, fault: faultOf(error) })),
    );
  }, [id]);
  return followed;
}
