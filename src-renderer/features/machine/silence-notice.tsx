// A guest that prints nothing: after a while the probable reasons, each with its fix; gone with the first byte.
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Silence, VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { count, formatSpan } from '../../components/format.ts';
import { Notice } from '../../components/notice.tsx';
import { useNow } from '../../components/use-now.ts';
import { applyFixNow } from '../../stores/vm-actions.ts';
import styles from './silence-notice.module.css';

export function SilenceNotice({ vm }: { vm: VmView }): ReactNode {
  const silent = vm.run !== undefined && vm.state === 'running' && !vm.run.printed;
  return silent ? <Silent key={vm.run?.startedAt} vm={vm} /> : null;
}

/** Shown at first: more than that is a list that nobody reads. */
const shownAtFirst = 3;

function Silent({ vm }: { vm: VmView }): ReactNode {
  const silence = useSilence(vm);
  const now = useNow(1000, true);
  const since = useRunningSince(vm, now);
  const [all, setAll] = useState(false);
  const silentMs = now - since;
  if (silence === null || silentMs < silence.patienceSeconds * 1000) return null;
  const shown = all ? silence.reasons : silence.reasons.slice(0, shownAtFirst);
  const more = silence.reasons.length - shown.length;
  return (
    <Notice
      tone="caution"
      title={`The guest has printed nothing for ${formatSpan(silentMs)}.`}
      actions={
        more > 0 ? (
          <Button size="s" variant="quiet" onPress={() => setAll(true)}>
            {count(more, 'more reason')}
          </Button>
        ) : undefined
      }
    >
      <p>
        {shown.length === 0
          ? 'Nothing about this definition explains it.'
          : 'Probable reasons, the most likely first:'}
      </p>
      <ol className={styles.reasons}>
        {shown.map((reason) => (
          <li key={reason.rule + reason.field} className={styles.reason}>
            <span>{reason.message}</span>
            {reason.fix ? <FixButton vm={vm} fix={reason.fix} /> : null}
          </li>
        ))}
      </ol>
    </Notice>
  );
}

function FixButton({ vm, fix }: { vm: VmView; fix: NonNullable<Silence['reasons'][number]['fix']> }) {
  const [busy, setBusy] = useState(false);
  const apply = async () => {
    setBusy(true);
    await applyFixNow(vm, fix);
    setBusy(false);
  };
  return (
    <Button size="s" busy={busy} onPress={apply}>
      {fix.label} and restart
    </Button>
  );
}

/** Time that a guest stood still does not count, as far as it was seen from here. */
function useRunningSince({ run, definition }: VmView, now: number): number {
  const firstSeen = useRef(now);
  const started = run === undefined ? now : Date.parse(run.startedAt);
  return definition?.debug.startHalted ? firstSeen.current : started;
}

/** null while it is asked, and where it cannot be told. */
function useSilence({ id, revision }: VmView): Silence | null {
  const [silence, setSilence] = useState<Silence | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an edit may be the fix, and the list another one after it
  useEffect(() => {
    const controller = new AbortController();
    client.vms.silence({ id }, { signal: controller.signal }).then(setSilence, () => {
      if (!controller.signal.aborted) setSilence(null);
    });
    return () => controller.abort();
  }, [id, revision]);
  return silence;
}
