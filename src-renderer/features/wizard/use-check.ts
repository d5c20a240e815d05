// Has the machine being made checked by main whenever it changes; on the last page by QEMU itself too.
import { useEffect, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { Problem } from '../../../src-main/contract/problem.ts';
import type { CheckResult, CreateRequest } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import { schemaProblems } from '../../components/definition/findings.ts';

export interface CheckState {
  /** The last verdict; may be about an earlier version while `busy`. */
  readonly result: CheckResult | null;
  readonly problems: readonly Problem[];
  /** The verdict is not about the machine as it stands now. */
  readonly busy: boolean;
  readonly fault: FaultData | null;
}

interface Verdict {
  readonly request: CreateRequest;
  readonly dry: boolean;
  readonly result: CheckResult | null;
  readonly fault: FaultData | null;
}

const pauseMs = 250;

export function useCheck(request: CreateRequest | null, dry: boolean): CheckState {
  const [verdict, setVerdict] = useState<Verdict | null>(null);

  useEffect(() => {
    if (request === null) {
      setVerdict(null);
      return undefined;
    }
    const controller = new AbortController();
    const ask = async () => {
      const answer = await check(request, dry, controller.signal);
      if (!controller.signal.aborted) setVerdict({ request, dry, ...answer });
    };
    const timer = setTimeout(ask, pauseMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [request, dry]);

  const current = verdict !== null && verdict.request === request && (verdict.dry || !dry);
  return {
    result: verdict?.result ?? null,
    problems: verdict?.result?.problems ?? [],
    busy: request !== null && !current,
    fault: current ? verdict.fault : null,
  };
}

async function check(
  request: CreateRequest,
  dry: boolean,
  signal: AbortSignal,
): Promise<Pick<Verdict, 'result' | 'fault'>> {
  const refused = schemaProblems(request.definition);
  if (refused.length > 0) return { result: { problems: refused, proven: false }, fault: null };
  try {
    return { result: await client.vms.check({ request, dry }, { signal }), fault: null };
  } catch (error) {
    return { result: null, fault: faultOf(error) };
  }
}
