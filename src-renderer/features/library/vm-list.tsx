// The library's list: virtual rows, a listbox to the keyboard and to screen readers.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { allowedActions, type VmView } from '../../../src-main/contract/vm.ts';
import { cx } from '../../components/cx.ts';
import { ContextMenu } from '../../components/menu.tsx';
import { vmMenu } from '../../components/vm-menu.ts';
import { vmTitle } from '../../components/vm-words.ts';
import { beginAction } from '../../stores/vm-actions.ts';
import { movedIndex } from './moved-index.ts';
import styles from './vm-list.module.css';
import { VmRow } from './vm-row.tsx';

const rowHeight = 52;

interface VmListProps {
  vms: readonly VmView[];
  /** The one that the page shows. */
  current: string | undefined;
  onOpen: (id: string) => void;
}

export function VmList({ vms, current, onOpen }: VmListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [activeId, setActiveId] = useState(current);
  const [menu, setMenu] = useState<{ id: string; x: number; y: number } | null>(null);
  const prefix = useId();
  const virtualizer = useVirtualizer({
    count: vms.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => vms[index]?.id ?? index,
  });
  const activeIndex = Math.max(
    0,
    vms.findIndex((vm) => vm.id === activeId),
  );
  const active = vms[activeIndex];
  const optionId = (id: string) => `${prefix}-${id}`;

  useEffect(() => setActiveId(current), [current]);
  const currentIndex = vms.findIndex((vm) => vm.id === current);
  useEffect(() => {
    if (currentIndex >= 0) virtualizer.scrollToIndex(currentIndex, { align: 'auto' });
  }, [currentIndex, virtualizer]);

  const openMenu = (vm: VmView, x: number, y: number) => {
    setActiveId(vm.id);
    setMenu({ id: vm.id, x, y });
  };
  const openMenuAtActive = () => {
    const row = active && document.getElementById(optionId(active.id));
    const box = (row ?? scroller.current)?.getBoundingClientRect();
    if (active && box) openMenu(active, box.left + 48, box.top + box.height - 12);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const moved = movedIndex(event.key, activeIndex, vms.length, pageSize(scroller.current));
    const target = moved === undefined ? undefined : vms[moved];
    if (target && moved !== undefined) {
      event.preventDefault();
      setActiveId(target.id);
      virtualizer.scrollToIndex(moved, { align: 'auto' });
      return;
    }
    if (!active) return;
    if (event.key === 'Enter' || event.key === ' ') onOpen(active.id);
    else if (event.key === 'F2') beginAllowed(active, 'rename');
    else if (event.key === 'Delete') beginAllowed(active, 'delete');
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) openMenuAtActive();
    else return;
    event.preventDefault();
  };

  const menuVm = menu ? vms.find((vm) => vm.id === menu.id) : undefined;
  return (
    <>
      <div
        ref={scroller}
        className={styles.scroller}
        role="listbox"
        aria-label="Virtual machines"
        tabIndex={0}
        aria-activedescendant={active ? optionId(active.id) : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const vm = vms[item.index];
            if (!vm) return null;
            return (
              <VmRow
                key={vm.id}
                id={optionId(vm.id)}
                vm={vm}
                className={cx(styles.row)}
                offset={item.start}
                position={item.index + 1}
                count={vms.length}
                current={vm.id === current}
                active={vm.id === active?.id}
                onOpen={() => {
                  setActiveId(vm.id);
                  onOpen(vm.id);
                }}
                onMenu={(x, y) => openMenu(vm, x, y)}
              />
            );
          })}
        </div>
      </div>
      <ContextMenu
        label={menuVm ? `Actions for ${vmTitle(menuVm)}` : 'Actions'}
        at={menuVm ? menu : null}
        entries={menuVm ? vmMenu(menuVm) : []}
        onClose={() => {
          setMenu(null);
          scroller.current?.focus();
        }}
      />
    </>
  );
}

function pageSize(scroller: HTMLElement | null): number {
  return Math.max(1, Math.floor((scroller?.clientHeight ?? rowHeight) / rowHeight) - 1);
}

function beginAllowed(vm: VmView, action: Parameters<typeof beginAction>[1]): void {
  if (allowedActions[vm.state].includes(action)) beginAction(vm, action);
}
