// The Snapshots tab: the tree at one side, what is known of the one that is looked at on the other.
import { Camera, GitFork } from 'lucide-react';
import { useState } from 'react';
import type { SnapshotTree as Tree } from '../../../src-main/contract/snapshot.ts';
import { allowedActions, type VmView } from '../../../src-main/contract/vm.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { count, formatBytes } from '../../components/format.ts';
import { FaultNotice } from '../../components/notice.tsx';
import type { SnapshotsTabProps } from '../../slots.ts';
import { openDialog } from '../../stores/view.ts';
import { InternalSnapshots } from './internal-snapshots.tsx';
import { PresentPane } from './present-pane.tsx';
import { ResetBanner } from './reset-banner.tsx';
import { SnapshotPane } from './snapshot-pane.tsx';
import { SnapshotTree } from './snapshot-tree.tsx';
import styles from './snapshots.module.css';
import { presentId } from './tree-layout.ts';
import { useTree } from './use-tree.ts';

export function SnapshotsTab({ vm }: SnapshotsTabProps) {
  const { tree, fault } = useTree(vm.id);
  return (
    <div className={styles.tab}>
      {fault ? (
        <div className={styles.fault}>
          <FaultNotice fault={fault} title="The snapshots cannot be shown." />
        </div>
      ) : null}
      {tree === null ? null : tree.snapshots.length === 0 ? (
        <Nothing vm={vm} tree={tree} />
      ) : (
        <Browser vm={vm} tree={tree} />
      )}
    </div>
  );
}

function Nothing({ vm, tree }: { vm: VmView; tree: Tree }) {
  return (
    <div className={styles.nothing}>
      <EmptyState icon={GitFork} title="No snapshots yet" actions={<TakeButton vm={vm} />}>
        <p>
          A snapshot keeps this moment: disks, firmware variables and settings, and of a running machine its
          memory too. The guest hardly notices. Go back to it, branch off from it, or make other machines from
          it.
        </p>
      </EmptyState>
      <InternalSnapshots internal={tree.internal} />
    </div>
  );
}

function Browser({ vm, tree }: { vm: VmView; tree: Tree }) {
  const [wanted, setSelected] = useState<string>(presentId);
  const snapshot = tree.snapshots.find(({ id }) => id === wanted);
  const selected = snapshot?.id ?? presentId;
  return (
    <>
      <header className={styles.bar}>
        <p className={styles.sum}>{sumWords(tree)}</p>
        <TakeButton vm={vm} />
      </header>
      <ResetBanner vm={vm} />
      <div className={styles.panes}>
        <div className={styles.side}>
          <SnapshotTree vm={vm} tree={tree} selected={selected} onSelect={setSelected} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard */}
        <section key={selected} className={styles.detail} aria-label="Details" tabIndex={0}>
          {snapshot ? (
            <SnapshotPane vm={vm} tree={tree} snapshot={snapshot} />
          ) : (
            <PresentPane vm={vm} tree={tree} />
          )}
          <InternalSnapshots internal={tree.internal} />
        </section>
      </div>
    </>
  );
}

function TakeButton({ vm }: { vm: VmView }) {
  return (
    <Button
      variant="primary"
      icon={Camera}
      isDisabled={!allowedActions[vm.state].includes('snapshot')}
      onPress={() => openDialog({ kind: 'take-snapshot', id: vm.id })}
    >
      Take snapshot…
    </Button>
  );
}

function sumWords({ snapshots }: Tree): string {
  const bytes = snapshots.reduce((sum, snapshot) => sum + snapshot.bytes, 0);
  return `${count(snapshots.length, 'snapshot')}, ${formatBytes(bytes)}`;
}
