// Asks before what was entered is thrown away.
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';

export function DiscardDialog({ onDiscard, onClose }: { onDiscard: () => void; onClose: () => void }) {
  return (
    <Dialog
      title="Discard this machine?"
      isOpen
      alert
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            Go on editing
          </Button>
          <Button variant="danger" onPress={onDiscard}>
            Discard
          </Button>
        </>
      }
    >
      <p>Nothing has been created yet. What you entered here is lost; your files stay as they are.</p>
    </Dialog>
  );
}
