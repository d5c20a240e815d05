// What a machine's disks take, asked again when something may have changed it.
import { useEffect, useState } from 'react';
import type { DiskReport } from '../../../../src-main/contract/disk.ts';
import type { VmView } from '../../../../src-main/contract/vm.ts';
import { client } from '../../../client/client.ts';
import { useJobs } from '../../../stores/jobs.ts';

/** null while it is not known: nothing else on the page needs it. `asked`: another number asks anew. */
export function useDiskReport({ id, revision, state, snapshots }: VmView, asked = 0): DiskReport | null {
  const [report, setReport] = useState<DiskReport | null>(null);
  const underWay = useJobs(id).length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them may change what the disks take
  useEffect(() => {
    let current = true;
    client.disks.report({ id }).then(
      (answer) => current && setReport(answer),
      () => current && setReport(null),
    );
    return () => {
      current = false;
    };
  }, [id, revision, state, snapshots, underWay, asked]);
  return report;
}
