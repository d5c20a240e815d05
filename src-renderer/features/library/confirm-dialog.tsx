// Asks before a guest is cut off, or its saved memory thrown away: what it has not written to its disks is lost.
import type { VmView } from '../../../src-main/contract/vm.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { vmTitle } from '../../components/vm-words.ts';
import { requestAction } from '../../stores/vm-actions.ts';

type CutOff = 'force-stop' | 'reset' | 'reload' | 'discard-state';

const words: Readonly<Record<CutOff, { title: (name: string) => string; button: string; what: string }>> = {
  'force-stop': {
    title: (name) => `Force “${name}” to stop?`,
    button: 'Force stop',
    what: 'The guest is cut off at once, as if the plug were pulled.',
  },
  reset: {
    title: (name) => `Reset “${name}”?`,
    button: 'Reset',
    what: 'The guest starts again at once, as if by the reset button.',
  },
  'discard-state': {
    title: (name) => `Discard the saved state of “${name}”?`,
    button: 'Discard saved state',
    what: 'Its memory is thrown away, as if the plug were pulled when it was saved; the next start is a cold boot.',
  },
  reload: {
    title: (name) => `Reload and reset “${name}”?`,
    button: 'Reload and reset',
    what: 'The guest is cut off and starts again at once, with its definition and boot files as they are now.',
  },
};

interface ConfirmDialogProps {
  vm: VmView;
  action: CutOff;
  onClose: () => void;
}

export function ConfirmDialog({ vm, action, onClose }: ConfirmDialogProps) {
  const { title, button, what } = words[action];
  const confirm = () => {
    onClose();
    void requestAction(vm.id, action);
  };
  return (
    <Dialog
      title={title(vmTitle(vm))}
      alert
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="danger" onPress={confirm} autoFocus>
            {button}
          </Button>
        </>
      }
    >
      <p>{what} What it had not written to its disks is lost.</p>
      {vm.state === 'unknown' ? (
        <p>Armoire only ends the process if it proves to be this machine’s own QEMU.</p>
      ) : null}
    </Dialog>
  );
}
