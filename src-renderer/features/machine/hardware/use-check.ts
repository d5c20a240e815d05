// Has an edited definition checked by the main side whenever it changes.
import { useEffect, useState } from 'react';
import type { VmDefinition } from '../../../../src-main/contract/definition.ts';
import type { FaultData } from '../../../../src-main/contract/fault.ts';
import type { Problem } from '../../../../src-main/contract/problem.ts';
import { client } from '../../../client/client.ts';
import { faultOf } from '../../../client/faults.ts';
import { schemaProblems } from '../../../components/definition/findings.ts';

export interface CheckState {
  readonly problems: readonly Problem[];
  /** The problems are not about the definition as it stands now. */
  readonly busy: boolean;
  readonly fault: FaultData | null;
}

interface Verdict {
  readonly definition: VmDefinition;
  readonly problems: readonly Problem[];
  readonly fault: FaultData | null;
}

const pauseMs = 150;

/** `problems` keep standing until the next verdict, so that nothing flickers while somebody types. */
export function useCheck(id: string, definition: VmDefinition): CheckState {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    const ask = async () => {
      const answer = await check(id, definition, controller.signal);
      if (!controller.signal.aborted) setVerdict({ definition, ...answer });
    };
    const timer = setTimeout(ask, pauseMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [id, definition]);
  return {
    problems: verdict?.problems ?? [],
    busy: verdict?.definition !== definition,
    fault: verdict?.fault ?? null,
  };
}

async function check(
  id: string,
  definition: VmDefinition,
  signal: AbortSignal,
): Promise<Omit<Verdict, 'definition'>> {
  const refused = schemaProblems(definition);
  if (refused.length > 0) return { problems: refused, fault: null };
  try {
    const request = { definition, provisions: [] };
    const { problems } = await client.vms.check({ request, id, dry: false }, { signal });
    return { problems, fault: null };
  } catch (error) {
    return { problems: [], fault: faultOf(error) };
  }
}
