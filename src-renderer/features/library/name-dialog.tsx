// Asks for a name: to rename a VM, or for the copy of one.
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { vmName } from '../../../src-main/contract/definition.ts';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { vmTitle } from '../../components/vm-words.ts';
import { navigate } from '../../routes.ts';

interface NameDialogProps {
  vm: VmView;
  kind: 'rename' | 'clone';
  onClose: () => void;
}

const words = {
  rename: { title: 'Rename', action: 'Rename', description: undefined },
  clone: {
    title: 'Clone',
    action: 'Clone',
    description: 'The copy has disks and firmware variables of its own; console output and logs stay behind.',
  },
};

export function NameDialog({ vm, kind, onClose }: NameDialogProps) {
  const [name, setName] = useState(kind === 'rename' ? vmTitle(vm) : `${vmTitle(vm)} copy`);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<FaultData | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const parsed = vmName.safeParse(name);
  const { title, action, description } = words[kind];

  // The old name is there to be typed over.
  useEffect(() => input.current?.select(), []);

  const submit = async () => {
    if (!parsed.success || busy) return;
    setBusy(true);
    setFault(null);
    try {
      const input = { id: vm.id, name: parsed.data };
      if (kind === 'rename') await client.vms.rename(input);
      else
        navigate({
          page: 'vm',
          id: (await client.vms.clone({ ...input, kind: 'copy', snapshot: null, start: false })).id,
          tab: 'overview',
        });
      onClose();
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };

  return (
    <Dialog
      title={`${title} “${vmTitle(vm)}”`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" busy={busy} isDisabled={!parsed.success} onPress={submit}>
            {action}
          </Button>
        </>
      }
    >
      <form onSubmit={onSubmit}>
        <Field
          label="Name"
          value={name}
          onChange={setName}
          autoFocus
          inputRef={input}
          description={description}
          error={parsed.success ? undefined : parsed.error.issues[0]?.message}
        />
      </form>
      {fault ? <FaultNotice fault={fault} /> : null}
    </Dialog>
  );
}
