// What is said over the terminal, and only while it is true: stopped, reconnecting, keys that went nowhere, more above.
import { CirclePlay, Download, History, RotateCw, Scaling, StepForward } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { formatBytes } from '../../components/format.ts';
import styles from './console-notes.module.css';
import type { ConsoleState } from './console-state.ts';
import type { TerminalSize } from './fit-dialog.tsx';
import type { ConsoleStatus } from './session.ts';

interface ConsoleNotesProps {
  /** Why the last key did not arrive, for a few seconds. */
  refusal: string | null;
  state: ConsoleState;
  status: ConsoleStatus;
  atTop: boolean;
  size: TerminalSize;
  /** What the guest was told last; null: it was never told. */
  toldSize: TerminalSize | null;
  onTellSize: () => void;
  onForgetSize: () => void;
  onLoadEarlier: () => void;
  onSaveLog: () => void;
  onRetry: () => void;
}

export function ConsoleNotes(props: ConsoleNotesProps) {
  const { state, status, size, toldSize, refusal } = props;
  const outgrown = toldSize !== null && (toldSize.cols !== size.cols || toldSize.rows !== size.rows);
  return (
    <>
      {props.atTop && status.earlier > 0 ? (
        <Note place="top" words={`${formatBytes(status.earlier)} of earlier output is not shown.`}>
          <Button size="s" icon={History} onPress={props.onLoadEarlier}>
            Load earlier
          </Button>
          <Button size="s" icon={Download} onPress={props.onSaveLog}>
            Save the whole log
          </Button>
        </Note>
      ) : null}
      <div className={styles.bottom}>
        {refusal !== null && state === 'live' ? <Note words={refusal} /> : null}
        {state === 'live' && outgrown ? (
          <Note words={`The window is now ${size.cols} × ${size.rows}; the guest does not know.`}>
            <Button size="s" icon={Scaling} onPress={props.onTellSize}>
              Tell it
            </Button>
            <Button size="s" variant="quiet" onPress={props.onForgetSize}>
              Leave it
            </Button>
          </Note>
        ) : null}
        {state === 'reconnecting' || state === 'failed' ? (
          <Note
            words={
              state === 'failed'
                ? (status.failure ?? 'This console cannot be opened.')
                : 'The connection is lost. The guest goes on; nothing it prints is lost.'
            }
          >
            <Button size="s" icon={RotateCw} onPress={props.onRetry}>
              Try now
            </Button>
          </Note>
        ) : null}
      </div>
    </>
  );
}

interface StoppedBarProps {
  refusal: string | null;
  /** Its memory is on disk: it goes on from there. */
  saved: boolean;
  /** Left out where starting is not possible now. */
  onStart: (() => void) | undefined;
}

/** Under the terminal, not over it: the last lines of a machine that ended matter most. */
export function StoppedBar({ refusal, saved, onStart }: StoppedBarProps) {
  const words = saved
    ? 'The state of the machine is saved. The guest goes on where it was.'
    : 'The machine is not running. What it printed stays here.';
  return (
    <div className={styles.stopped} role="status">
      <span className={styles.words}>{refusal ?? words}</span>
      {onStart ? (
        <Button size="s" variant="primary" icon={saved ? StepForward : CirclePlay} onPress={onStart}>
          {saved ? 'Resume' : 'Start'}
        </Button>
      ) : null}
    </div>
  );
}

function Note({
  words,
  place,
  children,
}: {
  words: string;
  place?: 'top' | undefined;
  children?: ReactNode;
}) {
  return (
    <div className={styles.note} data-place={place ?? 'bottom'} role="status">
      <span className={styles.words}>{words}</span>
      {children}
    </div>
  );
}

const shownMs = 6000;

/** Why the last key did not arrive: for a few seconds after each one, and not in another state. */
export function useRefusal(refusal: ConsoleStatus['refusal'], state: ConsoleState): string | null {
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    if (refusal === null) return undefined;
    setShown(refusal.reason);
    const timer = setTimeout(() => setShown(null), shownMs);
    return () => clearTimeout(timer);
  }, [refusal]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said of one state is not true of the next
  useEffect(() => setShown(null), [state]);
  return shown;
}
