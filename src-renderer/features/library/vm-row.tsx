// One row of the library: picture, name, facts, state.
import type { MouseEvent } from 'react';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { cx } from '../../components/cx.ts';
import { StateDot } from '../../components/state-dot.tsx';
import { stateWords } from '../../components/state-words.ts';
import { VmGlyph } from '../../components/vm-glyph.tsx';
import { factLine, vmTitle } from '../../components/vm-words.ts';
import styles from './vm-row.module.css';

interface VmRowProps {
  id: string;
  vm: VmView;
  className: string;
  /** Pixels from the list's top. */
  offset: number;
  position: number;
  count: number;
  current: boolean;
  active: boolean;
  onOpen: () => void;
  onMenu: (x: number, y: number) => void;
}

export function VmRow({ vm, current, active, onOpen, onMenu, ...place }: VmRowProps) {
  const { definition, state } = vm;
  const openMenu = (event: MouseEvent) => {
    event.preventDefault();
    onMenu(event.clientX, event.clientY);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box, which has the focus, handles the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list box has the focus and names its active option
    <div
      id={place.id}
      role="option"
      aria-selected={current}
      aria-posinset={place.position}
      aria-setsize={place.count}
      className={cx(place.className, styles.row, current && styles.current, active && styles.active)}
      style={{ transform: `translateY(${place.offset}px)` }}
      onClick={onOpen}
      onContextMenu={openMenu}
    >
      <VmGlyph definition={definition} />
      <span className={styles.text}>
        <span className={styles.name}>{vmTitle(vm)}</span>
        <span className={styles.facts}>
          {vm.damage ? vm.damage.reason : definition ? factLine(definition) : stateWords[state]}
        </span>
      </span>
      <StateDot state={state} />
    </div>
  );
}
