// Takes a disk out of the machine; its image goes too when wished.
import { useState } from 'react';
import { client } from '../../../client/client.ts';
import { Checkbox } from '../../../components/checkbox.tsx';
import { useWork } from '../../../stores/use-work.ts';
import { isOwnFile } from '../hardware/own-file.ts';
import type { DiskDialogProps } from './disk-dialog.tsx';
import { WorkDialog } from './work-dialog.tsx';

export function RemoveDiskDialog({ vm, disk, use, onClose }: DiskDialogProps) {
  const [deleteImage, setDeleteImage] = useState(false);
  const work = useWork();
  const own = isOwnFile(disk.file);
  const stays = vm.run !== undefined && use?.detachable === false;
  const remove = () =>
    work.run(
      () => client.disks.remove({ id: vm.id, revision: vm.revision, disk: disk.id, deleteImage }),
      onClose,
    );
  return (
    <WorkDialog
      vm={vm}
      title={`Remove ${disk.id}?`}
      work={work}
      onClose={onClose}
      action={{ label: deleteImage ? 'Remove and delete' : 'Remove', onPress: remove, danger: true }}
    >
      <p>{whenWords(vm.run !== undefined, stays)}</p>
      {own ? (
        <Checkbox value={deleteImage} onChange={setDeleteImage} disabled={stays}>
          Delete the image too ({disk.file}); what snapshots hold of it stays
        </Checkbox>
      ) : (
        <p>The image stays where it is: {disk.file}</p>
      )}
    </WorkDialog>
  );
}

function whenWords(runs: boolean, stays: boolean): string {
  if (!runs) return 'The machine starts without it from now on.';
  return stays
    ? 'This bus cannot let go of it while the machine runs: it is gone with the next start.'
    : 'It is unplugged from the running machine at once. Unmount it in the guest before.';
}
