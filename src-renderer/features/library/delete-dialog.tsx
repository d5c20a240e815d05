// Deleting a VM: names what goes, says whether it can be taken back.
import { useEffect, useState } from 'react';
import type { FaultData } from '../../../src-main/contract/fault.ts';
import type { VmView } from '../../../src-main/contract/vm.ts';
import { client } from '../../client/client.ts';
import { faultOf } from '../../client/faults.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { count, formatBytes } from '../../components/format.ts';
import { FaultNotice } from '../../components/notice.tsx';
import { showToast } from '../../components/toasts.ts';
import { vmTitle } from '../../components/vm-words.ts';
import { navigate, parseRoute } from '../../routes.ts';
import styles from './delete-dialog.module.css';

type Preview = Awaited<ReturnType<typeof client.vms.deletePreview>>;

export function DeleteDialog({ vm, onClose }: { vm: VmView; onClose: () => void }) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<FaultData | null>(null);
  const name = vmTitle(vm);

  useEffect(() => {
    let current = true;
    client.vms.deletePreview({ id: vm.id }).then(
      (answer) => current && setPreview(answer),
      (error) => current && setFault(faultOf(error)),
    );
    return () => {
      current = false;
    };
  }, [vm.id]);

  const remove = async () => {
    setBusy(true);
    setFault(null);
    try {
      await client.vms.delete({ id: vm.id });
      onClose();
      const route = parseRoute(window.location.hash);
      if (route.page === 'vm' && route.id === vm.id) navigate({ page: 'library' });
      showToast({
        kind: 'done',
        message: preview?.trash ? `“${name}” is in the trash.` : `“${name}” is deleted.`,
      });
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={`Delete “${name}”?`}
      size="m"
      alert
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            Cancel
          </Button>
          <Button variant="danger" busy={busy} isDisabled={!preview} onPress={remove}>
            {preview?.trash ? 'Move to trash' : 'Delete permanently'}
          </Button>
        </>
      }
    >
      {preview ? (
        <>
          <p>
            {preview.trash
              ? 'This folder goes to the trash, from where it can be put back:'
              : 'This folder is deleted for good. It cannot be brought back:'}
          </p>
          <div className={styles.what}>
            <p className={styles.path}>{preview.directory}</p>
            <p className={styles.size}>
              {formatBytes(preview.bytes)} in {count(preview.files.length, 'file')}
            </p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard */}
            <ul className={styles.files} aria-label="Files" tabIndex={0}>
              {preview.files.map((file) => (
                <li key={file}>{file}</li>
              ))}
            </ul>
          </div>
          <p className={styles.kept}>Files elsewhere that the machine uses in place stay where they are.</p>
        </>
      ) : fault ? null : (
        <p>Looking at what would go…</p>
      )}
      {fault ? <FaultNotice fault={fault} /> : null}
    </Dialog>
  );
}
