// Asks main for a machine that fits the first page's answer, a moment after it was last changed.
import { useEffect, useRef, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { Suggestion, WizardSource } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';

export interface SuggestionState {
  readonly busy: boolean;
  readonly fault: FaultData | null;
  /** Asks once more, after a fault. */
  retry(): void;
}

const pauseMs = 300;

/** `source` is compared by value; `onSuggested` is called with the source that was asked for. */
export function useSuggestion(
  source: WizardSource | null,
  onSuggested: (source: WizardSource, suggestion: Suggestion) => void,
): SuggestionState {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<FaultData | null>(null);
  const [attempt, setAttempt] = useState(0);
  const key = source === null ? null : JSON.stringify(source);
  const asked = useRef<string | null>(null);
  const latest = useRef(onSuggested);
  latest.current = onSuggested;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again with the same source
  useEffect(() => {
    setFault(null);
    if (key === null) {
      setBusy(false);
      return undefined;
    }
    setBusy(true);
    const controller = new AbortController();
    const ask = async () => {
      const source = JSON.parse(key) as WizardSource;
      try {
        const suggestion = await client.vms.suggest({ source }, { signal: controller.signal });
        if (!controller.signal.aborted) latest.current(source, suggestion);
      } catch (error) {
        if (!controller.signal.aborted) setFault(faultOf(error));
      } finally {
        if (!controller.signal.aborted) setBusy(false);
      }
    };
    // A first answer of its kind is a click; what follows is being typed.
    const timer = setTimeout(ask, asked.current === null ? 0 : pauseMs);
    asked.current = key;
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key, attempt]);

  return { busy, fault, retry: () => setAttempt((before) => before + 1) };
}
