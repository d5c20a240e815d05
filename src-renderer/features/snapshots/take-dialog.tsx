// Takes a snapshot: asks for its name and a note, says what it will hold.
import { useState } from 'react';
import { snapshotName } from '../../../src-main/contract/snapshot.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { JobStrips } from '../../components/job-strip.tsx';
import { NameField } from '../../components/name-field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { showToast } from '../../components/toasts.ts';
import { useDraftName } from '../../components/use-draft-name.ts';
import { vmTitle } from '../../components/vm-words.ts';
import { useWork } from '../../stores/use-work.ts';
import { nextName, takeWords } from './snapshot-words.ts';
import { useTree } from './use-tree.ts';

export function TakeDialog({ vm, onClose }: { vm: VmView; onClose: () => void }) {
  const { tree } = useTree(vm.id);
  const taken = (tree?.snapshots ?? []).map((snapshot) => snapshot.name);
  const name = useDraftName(nextName(vm.snapshots + 1, taken), snapshotName);
  const [note, setNote] = useState('');
  const work = useWork();
  const take = () => {
    const { parsed } = name;
    if (parsed === null) return;
    void work.run(
      () => client.snapshots.take({ id: vm.id, name: parsed, note: note.trim() }),
      () => {
        onClose();
        showToast({ kind: 'done', message: `Snapshot “${parsed}” is taken.` });
      },
    );
  };
  return (
    <Dialog
      title={`Take a snapshot of “${vmTitle(vm)}”`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{work.busy ? 'Close' : 'Cancel'}</Button>
          <Button variant="primary" busy={work.busy} isDisabled={name.parsed === null} onPress={take}>
            Take snapshot
          </Button>
        </>
      }
    >
      <p>{takeWords(vm.state)}</p>
      <NameField label="Name" draft={name} onSubmit={take} />
      <Field label="Note (optional)" rows={3} value={note} onChange={setNote} />
      {work.busy ? <JobStrips vm={vm.id} /> : null}
      {work.fault ? <FaultNotice fault={work.fault} /> : null}
    </Dialog>
  );
}
