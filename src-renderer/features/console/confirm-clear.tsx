// Asks before a console's output is forgotten, since every viewer loses it.
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';

export function ConfirmClear({ onClear, onClose }: { onClear: () => void; onClose: () => void }) {
  return (
    <Dialog
      title="Clear this console?"
      isOpen
      alert
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            Cancel
          </Button>
          <Button variant="danger" onPress={onClear}>
            Clear
          </Button>
        </>
      }
    >
      <p>
        All its output so far is forgotten, in every window and in the saved log. The guest notices nothing.
      </p>
    </Dialog>
  );
}
