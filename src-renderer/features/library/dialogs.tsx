// The dialogs that act on one VM, whichever part of the window asked for them.
import { closeDialog, useView } from '../../stores/view.ts';
import { useVm } from '../../stores/vms.ts';
import { CloneDialog } from './clone-dialog.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';

export function Dialogs() {
  const { dialog } = useView();
  const vm = useVm(dialog?.id ?? '');
  if (!dialog || !vm) return null;
  switch (dialog.kind) {
    case 'rename':
      return <RenameDialog vm={vm} onClose={closeDialog} />;
    case 'clone':
      return <CloneDialog vm={vm} snapshot={dialog.snapshot} onClose={closeDialog} />;
    case 'delete':
      return <DeleteDialog vm={vm} onClose={closeDialog} />;
    case 'confirm':
      return <ConfirmDialog vm={vm} action={dialog.action} onClose={closeDialog} />;
    case 'take-snapshot':
    case 'restore-snapshot':
    case 'delete-snapshot':
    case 'rename-snapshot':
      // The snapshots have their own.
      return null;
  }
}
