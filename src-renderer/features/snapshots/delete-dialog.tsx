// Deletes a snapshot: says what comes back, and who builds on it.
import type { SnapshotView } from '../../../src-main/contract/snapshot.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { JobStrips } from '../../components/job-strip.tsx';
import { FaultNotice, Notice } from '../../components/notice.tsx';
import { useWork } from '../../stores/use-work.ts';
import { freedWords } from './snapshot-words.ts';
import styles from './snapshots.module.css';

interface DeleteDialogProps {
  vm: VmView;
  snapshot: SnapshotView;
  onClose: () => void;
}

export function DeleteDialog({ vm, snapshot, onClose }: DeleteDialogProps) {
  const work = useWork();
  const { usedBy } = snapshot;
  const remove = () => work.run(() => client.snapshots.delete({ id: vm.id, snapshot: snapshot.id }), onClose);
  return (
    <Dialog
      title={`Delete “${snapshot.name}”?`}
      alert
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            {work.busy ? 'Close' : 'Cancel'}
          </Button>
          <Button variant="danger" busy={work.busy} isDisabled={usedBy.length > 0} onPress={remove}>
            Delete
          </Button>
        </>
      }
    >
      {usedBy.length > 0 ? (
        <Notice tone="caution" title="Other machines build on it, so it stays while they do.">
          <ul className={styles.users}>
            {usedBy.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </Notice>
      ) : (
        <>
          <p>
            This moment cannot be gone back to any more. The present, and every snapshot that grew from it,
            stay as they are.
          </p>
          <p>{freedWords(snapshot)}</p>
          {vm.resetTo?.id === snapshot.id ? (
            <p>Every start begins from it; afterwards starts begin from the present again.</p>
          ) : null}
        </>
      )}
      {work.busy ? <JobStrips vm={vm.id} /> : null}
      {work.fault ? <FaultNotice fault={work.fault} /> : null}
    </Dialog>
  );
}
