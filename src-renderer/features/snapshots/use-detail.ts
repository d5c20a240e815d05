// What is kept of one snapshot beside the tree: asked for when it is looked at for more than a moment.
import { useEffect, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { SnapshotDetail } from '../../../src-main/contract/snapshot.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';

export interface AskedDetail {
  readonly detail: SnapshotDetail | null;
  readonly fault: FaultData | null;
}

const notYet: AskedDetail = { detail: null, fault: null };
/** Arrow keys run through the tree faster than anybody looks. */
const lookMs = 120;

/** For a component of its own for each snapshot. `revision`: of the definition, which the differences are told against. */
export function useDetail(id: string, snapshot: string, revision: number): AskedDetail {
  const [asked, setAsked] = useState(notYet);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision has other differences
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      client.snapshots.detail({ id, snapshot }).then(
        (detail) => current && setAsked({ detail, fault: null }),
        (error) => current && setAsked({ detail: null, fault: faultOf(error) }),
      );
    }, lookMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [id, snapshot, revision]);
  return asked;
}
