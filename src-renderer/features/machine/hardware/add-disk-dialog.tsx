// Adds an image that exists, used where it is.
import { useState } from 'react';
import type { BoardCard } from '../../../../src-main/contract/board.ts';
import type { Disk } from '../../../../src-main/contract/definition.ts';
import type { FileFact } from '../../../../src-main/contract/image.ts';
import { Button } from '../../../components/button.tsx';
import { ChoiceList } from '../../../components/choice-list.tsx';
import { busFor, certainFormat, nextDiskId, refusalOf } from '../../../components/definition/disks.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { useSlots } from '../../../slots.ts';

interface AddDiskDialogProps {
  media: Disk['media'];
  disks: readonly Disk[];
  board: BoardCard | undefined;
  onAdd: (disk: Disk) => void;
  onClose: () => void;
}

export function AddDiskDialog({ media, disks, board, onAdd, onClose }: AddDiskDialogProps) {
  const { FileField } = useSlots();
  const [path, setPath] = useState('');
  const [fact, setFact] = useState<FileFact | null>(null);
  const [said, setSaid] = useState<Disk['format'] | null>(null);
  const cdrom = media === 'cdrom';
  const certain = cdrom ? 'raw' : certainFormat(fact?.disk);
  const format = certain ?? said;
  const usable = fact !== null && refusalOf(fact) === null;
  const add = () => {
    if (format === null) return;
    const id = nextDiskId(disks, cdrom ? 'cdrom' : 'disk');
    onAdd({ id, file: path, format, media, bus: busFor(disks, board, media), readOnly: cdrom });
  };
  return (
    <Dialog
      title={cdrom ? 'Add a CD-ROM image' : 'Add a disk image'}
      size="m"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={!usable || format === null} onPress={add}>
            Add
          </Button>
        </>
      }
    >
      <FileField
        label={cdrom ? 'ISO image' : 'Disk image'}
        purpose={cdrom ? 'iso' : 'disk'}
        value={path}
        onChange={(chosen) => {
          setPath(chosen);
          setSaid(null);
        }}
        onFact={setFact}
        description="It is used where it is, not copied."
      />
      {usable && certain === null ? (
        <ChoiceList
          label="Format of the image"
          description="Its first bytes do not settle it, and guessing wrong can damage it."
          value={said}
          onChange={setSaid}
          choices={[
            { id: 'raw', label: 'Raw' },
            { id: 'qcow2', label: 'qcow2' },
          ]}
        />
      ) : null}
    </Dialog>
  );
}
