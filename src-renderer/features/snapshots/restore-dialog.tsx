// Goes back to a snapshot: asks what becomes of the present, and whether its memory is loaded.
import { useState } from 'react';
import { type SnapshotView, snapshotName } from '../../../src-main/contract/snapshot.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { ChoiceList } from '../../components/choice-list.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { JobStrips } from '../../components/job-strip.tsx';
import { NameField } from '../../components/name-field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { showToast } from '../../components/toasts.ts';
import { useDraftName } from '../../components/use-draft-name.ts';
import { useWork } from '../../stores/use-work.ts';
import { keptName, restoreWords } from './snapshot-words.ts';

interface RestoreDialogProps {
  vm: VmView;
  snapshot: SnapshotView;
  /** The present is kept, whatever else. */
  branch: boolean;
  onClose: () => void;
}

export function RestoreDialog({ vm, snapshot, branch, onClose }: RestoreDialogProps) {
  const { mismatch } = snapshot;
  const [present, setPresent] = useState<'keep' | 'drop'>('keep');
  const [from, setFrom] = useState<'memory' | 'disks'>(
    snapshot.memory && mismatch === undefined ? 'memory' : 'disks',
  );
  const name = useDraftName(keptName(snapshot.name), snapshotName);
  const keeps = branch || present === 'keep';
  const ready = !keeps || name.parsed !== null;
  const work = useWork();
  const restore = () => {
    if (!ready) return;
    const input = {
      id: vm.id,
      snapshot: snapshot.id,
      keepPresent: keeps ? name.parsed : null,
      memory: from === 'memory',
    };
    void work.run(
      () => client.snapshots.restore(input),
      () => {
        onClose();
        showToast({
          kind: 'done',
          message: `“${snapshot.name}” is restored. The console keeps what was printed since.`,
        });
      },
    );
  };
  return (
    <Dialog
      title={branch ? `Branch from “${snapshot.name}”` : `Restore “${snapshot.name}”`}
      size="m"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{work.busy ? 'Close' : 'Cancel'}</Button>
          <Button
            variant={keeps ? 'primary' : 'danger'}
            busy={work.busy}
            isDisabled={!ready}
            onPress={restore}
          >
            {branch ? 'Branch' : 'Restore'}
          </Button>
        </>
      }
    >
      {branch ? (
        <p>
          The present is kept as a snapshot, and the machine goes on from “{snapshot.name}”: from there two
          lines of its life part.
        </p>
      ) : (
        <ChoiceList
          label="What becomes of the present"
          value={present}
          onChange={setPresent}
          disabled={work.busy}
          choices={[
            {
              id: 'keep',
              label: 'Keep it as a snapshot',
              note: 'You can come back to it later.',
            },
            {
              id: 'drop',
              label: 'Drop it',
              note: 'What was done since its last snapshot is gone for good.',
            },
          ]}
        />
      )}
      {keeps ? (
        <NameField label="Name for the present" draft={name} onSubmit={restore} first={false} />
      ) : null}
      {snapshot.memory ? (
        <ChoiceList
          label="Where the machine goes on"
          value={from}
          onChange={setFrom}
          disabled={work.busy}
          choices={[
            {
              id: 'memory',
              label: 'From its memory',
              note: mismatch ? mismatch.message : restoreWords(snapshot),
              disabled: mismatch !== undefined,
            },
            {
              id: 'disks',
              label: 'From its disks alone',
              note: 'As after a power cut at that moment: the machine is off, and Start boots it.',
            },
          ]}
        />
      ) : (
        <p>{restoreWords(snapshot)}</p>
      )}
      {work.busy ? <JobStrips vm={vm.id} /> : null}
      {work.fault ? <FaultNotice fault={work.fault} /> : null}
    </Dialog>
  );
}
