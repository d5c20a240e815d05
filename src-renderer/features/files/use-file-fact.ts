// What main found out about a path, a moment after it was last changed.
import { useEffect, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { FileFact } from '../../../src-main/contract/image.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';

export type FileInspection =
  | { status: 'none' }
  | { status: 'looking' }
  | { status: 'known'; fact: FileFact }
  | { status: 'failed'; fault: FaultData };

const pauseMs = 250;

export function useFileFact(path: string): FileInspection {
  const [inspection, setInspection] = useState<FileInspection>({ status: 'none' });
  useEffect(() => {
    if (path === '') {
      setInspection({ status: 'none' });
      return undefined;
    }
    setInspection({ status: 'looking' });
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      const found = await inspect(path, controller.signal);
      if (!controller.signal.aborted) setInspection(found);
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [path]);
  return inspection;
}

async function inspect(path: string, signal: AbortSignal): Promise<FileInspection> {
  try {
    return { status: 'known', fact: await client.host.inspectFile({ path }, { signal }) };
  } catch (error) {
    return { status: 'failed', fault: faultOf(error) };
  }
}
