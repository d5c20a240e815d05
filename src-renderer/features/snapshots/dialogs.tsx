// The dialogs that act on a machine's snapshots, whichever part of the window asked for them.
import { closeDialog, useView } from '../../stores/view.ts';
import { useVm } from '../../stores/vms.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { RestoreDialog } from './restore-dialog.tsx';
import { TakeDialog } from './take-dialog.tsx';

export function SnapshotDialogs() {
  const { dialog } = useView();
  const vm = useVm(dialog?.id ?? '');
  if (!dialog || !vm) return null;
  switch (dialog.kind) {
    case 'take-snapshot':
      return <TakeDialog vm={vm} onClose={closeDialog} />;
    case 'restore-snapshot':
      return (
        <RestoreDialog vm={vm} snapshot={dialog.snapshot} branch={dialog.branch} onClose={closeDialog} />
      );
    case 'rename-snapshot':
      return <RenameDialog vm={vm} snapshot={dialog.snapshot} onClose={closeDialog} />;
    case 'delete-snapshot':
      return <DeleteDialog vm={vm} snapshot={dialog.snapshot} onClose={closeDialog} />;
    default:
      // The library has its own.
      return null;
  }
}
