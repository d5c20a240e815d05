// Asks for another name for a VM.
import { vmName } from '../../../src-main/contract/definition.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { NameField } from '../../components/name-field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { useDraftName } from '../../components/use-draft-name.ts';
import { vmTitle } from '../../components/vm-words.ts';
import { useWork } from '../../stores/use-work.ts';

export function RenameDialog({ vm, onClose }: { vm: VmView; onClose: () => void }) {
  const name = useDraftName(vmTitle(vm), vmName);
  const work = useWork();
  const submit = () => {
    const { parsed } = name;
    if (parsed !== null) void work.run(() => client.vms.rename({ id: vm.id, name: parsed }), onClose);
  };
  return (
    <Dialog
      title={`Rename “${vmTitle(vm)}”`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" busy={work.busy} isDisabled={name.parsed === null} onPress={submit}>
            Rename
          </Button>
        </>
      }
    >
      <NameField label="Name" draft={name} onSubmit={submit} />
      {work.fault ? <FaultNotice fault={work.fault} /> : null}
    </Dialog>
  );
}
