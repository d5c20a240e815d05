// Tells the guest how large the window is, the only way there is on a serial line: by typing it.
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import styles from './dialogs.module.css';

export interface TerminalSize {
  cols: number;
  rows: number;
}

export function sizeCommand({ rows, cols }: TerminalSize): string {
  return `stty rows ${rows} cols ${cols}`;
}

interface FitDialogProps {
  size: TerminalSize;
  onType: (line: string) => void;
  onClose: () => void;
}

export function FitDialog({ size, onType, onClose }: FitDialogProps) {
  const command = sizeCommand(size);
  return (
    <Dialog
      title="Fit the guest to this window"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" autoFocus onPress={() => onType(`${command}\r`)}>
            Type it into the guest
          </Button>
        </>
      }
    >
      <p>
        A serial line does not carry the size of the window: the guest keeps believing in 24 lines of 80
        characters. At a Linux shell this command tells it {size.rows} lines of {size.cols}:
      </p>
      <code className={styles.command}>{command}</code>
      <p>It is typed as if you had typed it, with Enter at the end. Use it at a shell prompt.</p>
    </Dialog>
  );
}
