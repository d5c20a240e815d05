// A request that a dialog makes: under way, failed, or done; and what becomes of it when the dialog is closed before.
import { useEffect, useRef, useState } from 'react';
import type { FaultData } from '../../src-main/contract/fault.ts';
import { faultOf } from '../client/faults.ts';
import { showToast } from '../components/toasts.ts';

export interface Work {
  readonly busy: boolean;
  readonly fault: FaultData | null;
  /** A second one while one is under way is not begun. What was cancelled is as if it had not been asked for. */
  run<Result>(request: () => Promise<Result>, onDone: (result: Result) => void): Promise<void>;
}

export function useWork(): Work {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<FaultData | null>(null);
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  return {
    busy,
    fault,
    async run(request, onDone) {
      if (busy) return;
      setBusy(true);
      setFault(null);
      try {
        const result = await request();
        if (shown.current) onDone(result);
      } catch (error) {
        const failure = faultOf(error);
        if (failure.code === 'cancelled') return;
        if (shown.current) setFault(failure);
        else showToast({ kind: 'fault', fault: failure });
      } finally {
        if (shown.current) setBusy(false);
      }
    },
  };
}
