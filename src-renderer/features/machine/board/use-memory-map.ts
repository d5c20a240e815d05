// The machine's memory map, asked again whenever the definition changes or a run begins or ends.
import { useEffect, useState } from 'react';
import type { FaultData } from '../../../../src-main/contract/fault.ts';
import type { MemoryMap } from '../../../../src-main/contract/memory-map.ts';
import type { VmView } from '../../../../src-main/contract/vm.ts';
import { client } from '../../../client/client.ts';
import { faultOf } from '../../../client/faults.ts';

interface Answer {
  map: MemoryMap | null;
  fault: FaultData | null;
}

/** Both null while QEMU is asked for the first time. */
export function useMemoryMap({ id, revision, run }: VmView): Answer {
  const [answer, setAnswer] = useState<Answer>({ map: null, fault: null });
  const startedAt = run?.startedAt;
  // biome-ignore lint/correctness/useExhaustiveDependencies: revision and start are what the answer depends on
  useEffect(() => {
    const controller = new AbortController();
    client.boards.memoryMap({ id }, { signal: controller.signal }).then(
      (map) => setAnswer({ map, fault: null }),
      (error) => {
        if (!controller.signal.aborted) setAnswer({ map: null, fault: faultOf(error) });
      },
    );
    return () => controller.abort();
  }, [id, revision, startedAt]);
  return answer;
}
