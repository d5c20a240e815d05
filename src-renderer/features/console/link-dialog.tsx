// Asks before a link that the guest printed is opened, and shows all of it.
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import styles from './dialogs.module.css';

interface LinkDialogProps {
  url: URL;
  onOpen: () => void;
  onClose: () => void;
}

export function LinkDialog({ url, onOpen, onClose }: LinkDialogProps) {
  const [before, after] = aroundHost(url);
  return (
    <Dialog
      title="Open this link?"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" autoFocus onPress={onOpen}>
            Open {url.host.length > 40 ? 'it' : url.host}
          </Button>
        </>
      }
    >
      <p>The guest printed it; Armoire does not know where it leads.</p>
      <div className={styles.withCopy}>
        <code className={styles.url} data-link={url.href}>
          {before}
          <strong>{url.host}</strong>
          {after}
        </code>
        <CopyButton label="Copy link" text={url.href} />
      </div>
    </Dialog>
  );
}

/** `href` is what will be opened: non-ASCII hosts in punycode, so that look-alikes show. */
function aroundHost(url: URL): [string, string] {
  const { href, host } = url;
  const start = href.indexOf(host, `${url.protocol}//`.length + userInfoLength(url));
  return [href.slice(0, start), href.slice(start + host.length)];
}

function userInfoLength({ username, password }: URL): number {
  if (username === '' && password === '') return 0;
  return username.length + (password === '' ? 0 : password.length + 1) + 1;
}
