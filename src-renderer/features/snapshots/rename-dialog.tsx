// Another name or another note for a snapshot.
import { useState } from 'react';
import { type SnapshotView, snapshotName } from '../../../src-main/contract/snapshot.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { NameField } from '../../components/name-field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { useDraftName } from '../../components/use-draft-name.ts';
import { useWork } from '../../stores/use-work.ts';

interface RenameDialogProps {
  vm: VmView;
  snapshot: SnapshotView;
  onClose: () => void;
}

export function RenameDialog({ vm, snapshot, onClose }: RenameDialogProps) {
  const name = useDraftName(snapshot.name, snapshotName);
  const [note, setNote] = useState(snapshot.note);
  const work = useWork();
  const save = () => {
    const { parsed } = name;
    if (parsed === null) return;
    const input = { id: vm.id, snapshot: snapshot.id, name: parsed, note: note.trim() };
    void work.run(() => client.snapshots.rename(input), onClose);
  };
  return (
    <Dialog
      title={`Rename “${snapshot.name}”`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" busy={work.busy} isDisabled={name.parsed === null} onPress={save}>
            Save
          </Button>
        </>
      }
    >
      <NameField label="Name" draft={name} onSubmit={save} />
      <Field label="Note" rows={4} value={note} onChange={setNote} />
      {work.fault ? <FaultNotice fault={work.fault} /> : null}
    </Dialog>
  );
}
