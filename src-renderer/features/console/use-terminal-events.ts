// What React needs to know of the terminal: whether something is selected, whether its top is reached.
import { useEffect, useRef, useState } from 'react';
import type { VmState } from '../../../src-main/contract/vm.ts';
import type { Viewer } from './viewer.ts';

export function useSelection(viewer: Viewer | null): boolean {
  const [selected, setSelected] = useState(false);
  useEffect(() => {
    if (viewer === null) return undefined;
    const { terminal } = viewer.guest;
    setSelected(terminal.hasSelection());
    const listening = terminal.onSelectionChange(() => setSelected(terminal.hasSelection()));
    return () => listening.dispose();
  }, [viewer]);
  return selected;
}

/** The reader has scrolled to the first line of a scrollback that has more than a screen. */
export function useTopReached(viewer: Viewer | null): boolean {
  const [atTop, setAtTop] = useState(false);
  useEffect(() => {
    if (viewer === null) return undefined;
    const { terminal } = viewer.guest;
    const listening = terminal.onScroll(() => {
      const { viewportY, baseY } = terminal.buffer.active;
      setAtTop(viewportY === 0 && baseY > 0);
    });
    return () => listening.dispose();
  }, [viewer]);
  return atTop;
}

/** After a dialog or the search the keys go to the guest again; only once it is gone, since a dialog holds the focus. */
export function useFocusAfter(elsewhere: boolean, viewer: Viewer | null): void {
  const before = useRef(elsewhere);
  useEffect(() => {
    if (before.current && !elsewhere) viewer?.guest.terminal.focus();
    before.current = elsewhere;
  }, [elsewhere, viewer]);
}

/** A machine that starts anew knows nothing of the terminal modes that its last run may have left. */
export function useModeReset(viewer: Viewer | null, state: VmState | undefined): void {
  const before = useRef(state);
  useEffect(() => {
    const ended = before.current === 'stopped' || before.current === 'crashed';
    if (ended && state !== before.current) viewer?.guest.forgetModes();
    before.current = state;
  }, [viewer, state]);
}
