// The dialogs that act on one VM, whichever part of the window asked for them.
import { closeDialog, useView } from '../../stores/view.ts';
import { useVm } from '../../stores/vms.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';

export function Dialogs() {
  const { dialog } = useView();
  const vm = useVm(dialog?.id ?? '');
  if (!dialog || !vm) return null;
  switch (dialog.kind) {
    case 'rename':
    case 'clone':
      return <NameDialog vm={vm} kind={dialog.kind} onClose={closeDialog} />;
    case 'delete':
      return <DeleteDialog vm={vm} onClose={closeDialog} />;
    case 'confirm':
      return <ConfirmDialog vm={vm} action={dialog.action} onClose={closeDialog} />;
  }
}
