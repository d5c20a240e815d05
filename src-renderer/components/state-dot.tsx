// A VM's state as a mark: colour, shape, and words for whoever sees neither.
import { VisuallyHidden } from 'react-aria-components';
import type { VmState } from '../../src-main/contract/vm.ts';
import { cx } from './cx.ts';
import styles from './state-dot.module.css';
import { stateWords } from './state-words.ts';

const shapes: Record<VmState, string> = {
  stopped: 'M6 2.25a3.75 3.75 0 1 1 0 7.5a3.75 3.75 0 1 1 0-7.5z',
  starting: 'M6 2a4 4 0 0 1 4 4',
  running: 'M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0-8z',
  paused: 'M3 2h2.25v8H3zM6.75 2H9v8H6.75z',
  stopping: 'M6 2a4 4 0 0 1 4 4',
  saved: 'M2.5 2h7v7.75L6 7.5 2.5 9.75z',
  crashed: 'M6 1.25 11.25 10.5H.75z',
  unknown: 'M6 .75 11.25 6 6 11.25.75 6z',
  damaged: 'M2.5 2.5 9.5 9.5M9.5 2.5 2.5 9.5',
};

interface StateDotProps {
  state: VmState;
  /** The words are written beside it already. */
  decorative?: boolean | undefined;
}

export function StateDot({ state, decorative = false }: StateDotProps) {
  return (
    <span className={cx(styles.dot, styles[state])} title={decorative ? undefined : stateWords[state]}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {state === 'starting' || state === 'stopping' ? <circle cx="6" cy="6" r="4" /> : null}
        <path d={shapes[state]} />
      </svg>
      {decorative ? null : <VisuallyHidden>{stateWords[state]}</VisuallyHidden>}
    </span>
  );
}
