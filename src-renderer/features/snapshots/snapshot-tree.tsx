// The tree of snapshots: drawn with its branches, a tree to the keyboard and to screen readers.
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { SnapshotTree as Tree } from '../../../src-main/contract/snapshot.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { ContextMenu } from '../../components/menu.tsx';
import { openDialog } from '../../stores/view.ts';
import { movedRow } from './moved-row.ts';
import { presentMenu, snapshotMenu } from './snapshot-menu.ts';
import styles from './snapshot-tree.module.css';
import { laneCount, layOut, type TreeRow as Row } from './tree-layout.ts';
import { TreeRow } from './tree-row.tsx';

interface SnapshotTreeProps {
  vm: VmView;
  tree: Tree;
  /** A snapshot's id, or `presentId`. */
  selected: string;
  onSelect: (id: string) => void;
}

export function SnapshotTree({ vm, tree, selected, onSelect }: SnapshotTreeProps) {
  const rows = useMemo(() => layOut(tree), [tree]);
  const lanes = laneCount(rows);
  const scroller = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const prefix = useId();
  const rowId = (id: string) => `${prefix}-${id}`;
  const index = rows.findIndex(({ id }) => id === selected);
  const row = rows[index];

  const shownRow = row === undefined ? undefined : rowId(row.id);
  useEffect(() => {
    if (shownRow !== undefined) document.getElementById(shownRow)?.scrollIntoView({ block: 'nearest' });
  }, [shownRow]);

  const openMenuAtRow = () => {
    const box = document.getElementById(shownRow ?? '')?.getBoundingClientRect();
    if (box) setMenu({ x: box.left + 48, y: box.bottom - 10 });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moved = movedRow(event.key, rows, index);
    if (moved) onSelect(moved.id);
    else if (row === undefined) return;
    else if (event.key === 'Enter' || event.key === ' ') openRow(vm, row);
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) openMenuAtRow();
    else if (row.snapshot === null) return;
    else if (event.key === 'F2') openDialog({ kind: 'rename-snapshot', id: vm.id, snapshot: row.snapshot });
    else if (event.key === 'Delete')
      openDialog({ kind: 'delete-snapshot', id: vm.id, snapshot: row.snapshot });
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div
        ref={scroller}
        className={styles.tree}
        role="tree"
        aria-label="Snapshots"
        tabIndex={0}
        aria-activedescendant={shownRow}
        onKeyDown={onKeyDown}
      >
        {rows.map((each) => (
          <TreeRow
            key={each.id}
            id={rowId(each.id)}
            row={each}
            lanes={lanes}
            vm={vm}
            tree={tree}
            selected={each.id === selected}
            onSelect={() => onSelect(each.id)}
            onOpen={() => openRow(vm, each)}
            onMenu={(x, y) => setMenu({ x, y })}
          />
        ))}
      </div>
      <ContextMenu
        label={row?.snapshot ? `Actions for ${row.snapshot.name}` : 'Actions for the present'}
        at={row ? menu : null}
        entries={row?.snapshot ? snapshotMenu(vm, row.snapshot) : presentMenu(vm)}
        onClose={() => {
          setMenu(null);
          scroller.current?.focus();
        }}
      />
    </>
  );
}

/** What Enter and a double click do. */
function openRow(vm: VmView, { snapshot }: Row): void {
  const [entry] = snapshot === null ? presentMenu(vm) : [];
  if (snapshot !== null) openDialog({ kind: 'restore-snapshot', id: vm.id, snapshot, branch: false });
  else if (entry && !entry.disabled) entry.onAction();
}
