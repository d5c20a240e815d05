// Another disc in a CD-ROM drive.
import { useState } from 'react';
import type { FileFact } from '../../../../src-main/contract/image.ts';
import { client } from '../../../client/client.ts';
import { useSlots } from '../../../slots.ts';
import { useWork } from '../../../stores/use-work.ts';
import type { DiskDialogProps } from './disk-dialog.tsx';
import { WorkDialog } from './work-dialog.tsx';

export function MediumDialog({ vm, disk, onClose }: DiskDialogProps) {
  const { FileField } = useSlots();
  const [file, setFile] = useState('');
  const [fact, setFact] = useState<FileFact | null>(null);
  const work = useWork();
  const change = () =>
    work.run(
      () => client.disks.changeMedium({ id: vm.id, revision: vm.revision, disk: disk.id, file }),
      onClose,
    );
  return (
    <WorkDialog
      vm={vm}
      title={`Another disc in ${disk.id}`}
      size="m"
      work={work}
      onClose={onClose}
      action={{ label: 'Change disc', onPress: change, disabled: fact?.kind !== 'file' }}
    >
      <p>
        In the drive: {disk.file}. {vm.run ? 'The running guest sees the new one at once.' : ''}
      </p>
      <FileField label="ISO image" purpose="iso" value={file} onChange={setFile} onFact={setFact} />
    </WorkDialog>
  );
}
