// The keys that stay with the app while the terminal has the focus.
import { Dialog } from '../../components/dialog.tsx';
import styles from './dialogs.module.css';
import { shortcutWords } from './shortcuts.ts';
import { isMac } from './use-viewer.ts';

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys in the console" isOpen onClose={onClose}>
      <p>Every other key, Tab and Escape included, goes to the guest.</p>
      <dl className={styles.keys}>
        {shortcutWords(isMac).map(({ what, keys }) => (
          <div key={what} className={styles.key}>
            <dt>{what}</dt>
            <dd>
              <kbd>{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
