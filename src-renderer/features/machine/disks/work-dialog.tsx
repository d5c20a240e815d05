// A dialog whose button begins work: shows how far it is, what failed, and what came of it.
import type { ReactNode } from 'react';
import type { VmView } from '../../../../src-main/contract/vm.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { JobStrips } from '../../../components/job-strip.tsx';
import { FaultNotice } from '../../../components/notice.tsx';
import type { Work } from '../../../stores/use-work.ts';

interface WorkDialogProps {
  vm: VmView;
  title: string;
  work: Work;
  children: ReactNode;
  /** The button that begins; left out: there is nothing (more) to begin. */
  action?: { label: string; onPress: () => void; disabled?: boolean; danger?: boolean } | undefined;
  size?: 's' | 'm' | undefined;
  onClose: () => void;
}

export function WorkDialog({ vm, title, work, children, action, size, onClose }: WorkDialogProps) {
  return (
    <Dialog
      title={title}
      isOpen
      size={size}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{work.busy || !action ? 'Close' : 'Cancel'}</Button>
          {action ? (
            <Button
              variant={action.danger ? 'danger' : 'primary'}
              busy={work.busy}
              isDisabled={action.disabled ?? false}
              onPress={action.onPress}
            >
              {action.label}
            </Button>
          ) : null}
        </>
      }
    >
      {children}
      {work.busy ? <JobStrips vm={vm.id} /> : null}
      {work.fault ? <FaultNotice fault={work.fault} /> : null}
    </Dialog>
  );
}
