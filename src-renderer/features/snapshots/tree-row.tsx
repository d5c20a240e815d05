// One row of the tree: a snapshot, or the present.
import { CircleAlert, Repeat, TriangleAlert } from 'lucide-react';
import type { MouseEvent } from 'react';
import { VisuallyHidden } from 'react-aria-components';
import type { SnapshotTree, SnapshotView } from '../../../src-main/contract/snapshot.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { Badge } from '../../components/badge.tsx';
import { cx } from '../../components/cx.ts';
import { formatBytes, formatMoment } from '../../components/format.ts';
import { stateWords } from '../../components/state-words.ts';
import styles from './snapshot-tree.module.css';
import { contentWords, originWords } from './snapshot-words.ts';
import { TreeBranches } from './tree-branches.tsx';
import type { TreeRow as Row } from './tree-layout.ts';

interface TreeRowProps {
  id: string;
  row: Row;
  lanes: number;
  vm: VmView;
  tree: SnapshotTree;
  selected: boolean;
  onSelect: () => void;
  onOpen: () => void;
  onMenu: (x: number, y: number) => void;
}

export function TreeRow({ row, lanes, vm, tree, selected, ...props }: TreeRowProps) {
  const { snapshot } = row;
  const openMenu = (event: MouseEvent) => {
    event.preventDefault();
    props.onSelect();
    props.onMenu(event.clientX, event.clientY);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree, which has the focus, handles the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names its active item
    <div
      id={props.id}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={selected}
      className={cx(styles.row, selected && styles.selected)}
      data-node={snapshot === null ? 'present' : snapshot.origin}
      onClick={props.onSelect}
      onDoubleClick={props.onOpen}
      onContextMenu={openMenu}
    >
      <TreeBranches row={row} lanes={lanes} />
      {snapshot === null ? (
        <PresentWords vm={vm} bytes={tree.present.bytes} />
      ) : (
        <SnapshotWords snapshot={snapshot} isReset={snapshot.id === vm.resetTo?.id} />
      )}
    </div>
  );
}

function PresentWords({ vm, bytes }: { vm: VmView; bytes: number }) {
  return (
    <span className={styles.text}>
      <span className={styles.head}>
        <span className={styles.name}>Present</span>
        <Badge tone="accent">{stateWords[vm.state]}</Badge>
      </span>
      <span className={styles.facts}>
        {bytes > 0 ? `${formatBytes(bytes)} of changes since then` : 'Where the machine is now'}
      </span>
    </span>
  );
}

function SnapshotWords({ snapshot, isReset }: { snapshot: SnapshotView; isReset: boolean }) {
  const origin = originWords(snapshot);
  return (
    <>
      <span className={styles.text}>
        <span className={styles.head}>
          <span className={styles.name} title={snapshot.name}>
            {snapshot.name}
          </span>
          {origin ? <Badge>{origin}</Badge> : null}
          {isReset ? <Mark icon={Repeat} words="Every start begins here" tone="accent" /> : null}
          {snapshot.damage ? <Mark icon={CircleAlert} words="Damaged" tone="bad" /> : null}
          {snapshot.mismatch && !snapshot.damage ? (
            <Mark icon={TriangleAlert} words="Its memory cannot be loaded here" tone="caution" />
          ) : null}
        </span>
        <span className={styles.facts}>
          {formatMoment(snapshot.createdAt)} · {contentWords(snapshot)}
        </span>
      </span>
      <span className={styles.size}>{formatBytes(snapshot.bytes)}</span>
    </>
  );
}

interface MarkProps {
  icon: typeof Repeat;
  words: string;
  tone: 'accent' | 'caution' | 'bad';
}

function Mark({ icon: Icon, words, tone }: MarkProps) {
  return (
    <span className={cx(styles.mark, styles[tone])} title={words}>
      <Icon aria-hidden />
      <VisuallyHidden>{words}</VisuallyHidden>
    </span>
  );
}
