// Gives back what a disk's image takes for nothing.
import { useState } from 'react';
import { client } from '../../../client/client.ts';
import { formatBytes } from '../../../components/format.ts';
import { Notice } from '../../../components/notice.tsx';
import { useWork } from '../../../stores/use-work.ts';
import type { DiskDialogProps } from './disk-dialog.tsx';
import { WorkDialog } from './work-dialog.tsx';

export function CompactDiskDialog({ vm, disk, onClose }: DiskDialogProps) {
  const [freed, setFreed] = useState<number | null>(null);
  const work = useWork();
  const compact = () =>
    work.run(
      () => client.disks.compact({ id: vm.id, disk: disk.id }),
      ({ freedBytes }) => setFreed(freedBytes),
    );
  return (
    <WorkDialog
      vm={vm}
      title={`Compact ${disk.id}`}
      work={work}
      onClose={onClose}
      action={freed === null ? { label: 'Compact', onPress: compact } : undefined}
    >
      {freed === null ? (
        <p>
          Blocks that hold nothing but zeros are given back to this computer. It finds more after the guest
          has trimmed its file systems (<code>fstrim -av</code>).
        </p>
      ) : (
        <Notice
          tone="good"
          title={freed > 0 ? `${formatBytes(freed)} came back.` : 'There was nothing to give back.'}
        />
      )}
    </WorkDialog>
  );
}
