// Everything about one snapshot: what can be done with it, what it showed, what it holds, what is another way now.
import { EllipsisVertical } from 'lucide-react';
import type { SnapshotTree, SnapshotView } from '../../../src-main/contract/snapshot.ts';
import { allowedActions, type VmView } from '../../../src-main/contract/vm.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { type Fact, Facts } from '../../components/facts.tsx';
import { formatBytes, formatMoment } from '../../components/format.ts';
import { MenuButton } from '../../components/menu.tsx';
import { FaultNotice, Notice } from '../../components/notice.tsx';
import { stateWords } from '../../components/state-words.ts';
import { Toolbar } from '../../components/toolbar.tsx';
import { SettingChanges } from './setting-changes.tsx';
import { snapshotMenu } from './snapshot-menu.ts';
import { SnapshotPictures } from './snapshot-pictures.tsx';
import { contentWords, freedWords, originWords, restoreWords } from './snapshot-words.ts';
import styles from './snapshots.module.css';
import { useDetail } from './use-detail.ts';

interface SnapshotPaneProps {
  vm: VmView;
  tree: SnapshotTree;
  snapshot: SnapshotView;
}

/** Beside the menu, as buttons. */
const asButtons = ['restore', 'branch', 'clone'];

export function SnapshotPane({ vm, tree, snapshot }: SnapshotPaneProps) {
  const { detail, fault } = useDetail(vm.id, snapshot.id, vm.revision);
  const origin = originWords(snapshot);
  const menu = snapshotMenu(vm, snapshot);
  return (
    <article className={styles.pane} aria-label={snapshot.name}>
      <header className={styles.paneHeader}>
        <div className={styles.paneWho}>
          <h2 className={styles.paneName}>{snapshot.name}</h2>
          <p className={styles.paneMarks}>
            {formatMoment(snapshot.createdAt)}
            {origin ? <Badge>{origin}</Badge> : null}
            {vm.resetTo?.id === snapshot.id ? <Badge tone="accent">Every start begins here</Badge> : null}
          </p>
        </div>
        <Toolbar label="Snapshot">
          {menu
            .filter(({ id }) => asButtons.includes(id))
            .map(({ id, label, icon, disabled, onAction }) => (
              <Button
                key={id}
                icon={icon}
                variant={id === 'restore' ? 'primary' : 'secondary'}
                isDisabled={disabled ?? false}
                onPress={onAction}
              >
                {label}
              </Button>
            ))}
          <MenuButton
            icon={EllipsisVertical}
            label="More for this snapshot"
            entries={snapshotMenu(vm, snapshot, asButtons)}
          />
        </Toolbar>
      </header>
      <Obstacles vm={vm} snapshot={snapshot} />
      {fault ? <FaultNotice fault={fault} /> : null}
      {snapshot.note ? <p className={styles.note}>{snapshot.note}</p> : null}
      <SnapshotPictures detail={detail} />
      <Card title="What it holds">
        <Facts facts={factsOf(snapshot, tree)} />
      </Card>
      {detail ? <SettingChanges changes={detail.changes} /> : null}
    </article>
  );
}

function Obstacles({ vm, snapshot }: { vm: VmView; snapshot: SnapshotView }) {
  const { damage, mismatch } = snapshot;
  if (damage) return <FaultNotice fault={damage} title="It cannot be restored: a part of it is missing." />;
  return (
    <>
      {mismatch ? (
        <FaultNotice
          tone="caution"
          fault={mismatch}
          title="Its memory cannot be loaded here. A cold boot of its disks can be had."
        />
      ) : null}
      {allowedActions[vm.state].includes('restore') ? null : (
        <Notice tone="info" title={`It cannot be restored now (${stateWords[vm.state].toLowerCase()}).`} />
      )}
    </>
  );
}

function factsOf(snapshot: SnapshotView, tree: SnapshotTree): Fact[] {
  const parent = tree.snapshots.find(({ id }) => id === snapshot.parent);
  return [
    { term: 'Holds', value: contentWords(snapshot) },
    { term: 'Restored', value: restoreWords(snapshot) },
    { term: 'Size', value: formatBytes(snapshot.bytes) },
    { term: 'If deleted', value: freedWords(snapshot) },
    ...(parent ? [{ term: 'Grew from', value: parent.name }] : []),
    ...(snapshot.usedBy.length > 0 ? [{ term: 'Base of', value: snapshot.usedBy.join(', ') }] : []),
    { term: 'Taken with', value: `QEMU ${snapshot.qemuVersion}, ${snapshot.definition.machine}` },
  ];
}
