// Another board for a machine: main fits the rest to it, and what is changed meanwhile counts.
import { useLayoutEffect, useRef, useState } from 'react';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { RefitResult } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';

export interface Refit {
  /** An answer is waited for: nothing may be made of the machine as it is. */
  readonly busy: boolean;
  /** `before`: the machine that the answer is for, with everything that was changed while it was waited for. */
  ask(machine: string): Promise<{ before: VmDefinition; result: RefitResult }>;
}

export function useRefit(definition: VmDefinition | undefined): Refit {
  const latest = useRef(definition);
  const [busy, setBusy] = useState(false);
  useLayoutEffect(() => {
    latest.current = definition;
  });
  return {
    busy,
    async ask(machine) {
      setBusy(true);
      try {
        for (;;) {
          const before = latest.current;
          if (before === undefined) throw new Error('there is no machine to fit');
          const result = await client.boards.refit({ definition: before, machine });
          if (latest.current === before) return { before, result };
        }
      } finally {
        setBusy(false);
      }
    },
  };
}
