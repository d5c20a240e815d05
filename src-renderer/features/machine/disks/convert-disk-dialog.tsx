// Writes a disk's image anew in the other format.
import { client } from '../../../client/client.ts';
import { useWork } from '../../../stores/use-work.ts';
import type { DiskDialogProps } from './disk-dialog.tsx';
import { WorkDialog } from './work-dialog.tsx';

const meanings = {
  qcow2: 'qcow2 takes only the space that is used, wherever the image lies.',
  raw: 'Raw is byte for byte what the guest sees: any tool can read it, and it may take its whole size where the file system has no holes.',
};

export function ConvertDiskDialog({ vm, disk, onClose }: DiskDialogProps) {
  const format = disk.format === 'qcow2' ? 'raw' : 'qcow2';
  const work = useWork();
  const convert = () => work.run(() => client.disks.convert({ id: vm.id, disk: disk.id, format }), onClose);
  return (
    <WorkDialog
      vm={vm}
      title={`Convert ${disk.id} to ${format}?`}
      work={work}
      onClose={onClose}
      action={{ label: `Convert to ${format}`, onPress: convert }}
    >
      <p>
        It is {disk.format} now. {meanings[format]}
      </p>
      <p>A snapshot is taken before, so that you can come back.</p>
    </WorkDialog>
  );
}
