// Adds a disk: new and empty, an image that exists, or a CD-ROM.
import { Disc3, FolderOpen, Plus } from 'lucide-react';
import { useState } from 'react';
import type { BoardCard } from '../../../src-main/contract/board.ts';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import type { FileFact } from '../../../src-main/contract/image.ts';
import { Button } from '../../components/button.tsx';
import { ChoiceList } from '../../components/choice-list.tsx';
import { copyOnly, formatFor, refusalOf } from '../../components/definition/disks.ts';
import { Dialog } from '../../components/dialog.tsx';
import { useSlots } from '../../slots.ts';
import { type DiskOrder, orderDisk } from './disks.ts';
import styles from './storage-page.module.css';
import type { WizardModel } from './use-wizard.ts';

interface AddDiskProps {
  model: WizardModel;
  definition: VmDefinition;
  board: BoardCard | undefined;
}

export function AddDisk({ model, definition, board }: AddDiskProps) {
  const [choosing, setChoosing] = useState<'image' | 'cdrom' | null>(null);
  const add = (order: DiskOrder) => {
    setChoosing(null);
    model.dispatch({ type: 'add-disk', ...orderDisk(definition, board, order) });
  };
  return (
    <div className={styles.row}>
      <Button size="s" icon={Plus} onPress={() => add({ kind: 'empty', sizeGiB: 20 })}>
        New empty disk
      </Button>
      <Button size="s" icon={FolderOpen} onPress={() => setChoosing('image')}>
        Existing image…
      </Button>
      <Button size="s" icon={Disc3} onPress={() => setChoosing('cdrom')}>
        CD-ROM image…
      </Button>
      {choosing === 'image' ? <ImageDialog onAdd={add} onClose={() => setChoosing(null)} /> : null}
      {choosing === 'cdrom' ? <CdromDialog onAdd={add} onClose={() => setChoosing(null)} /> : null}
    </div>
  );
}

interface OrderDialogProps {
  onAdd: (order: DiskOrder) => void;
  onClose: () => void;
}

function ImageDialog({ onAdd, onClose }: OrderDialogProps) {
  const { FileField } = useSlots();
  const [path, setPath] = useState('');
  const [fact, setFact] = useState<FileFact | null>(null);
  const [said, setSaid] = useState<'qcow2' | 'raw' | null>(null);
  const [use, setUse] = useState<'copy' | 'in-place'>('copy');
  const certain = formatFor(fact);
  const format = said ?? certain;
  const onlyCopied = copyOnly(fact);
  const usable = fact !== null && refusalOf(fact) === null;
  return (
    <Dialog
      title="Add a disk image"
      isOpen
      size="m"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={!usable || format === null}
            onPress={() => {
              if (format !== null)
                onAdd({ kind: 'image', path, format, use: onlyCopied === null ? use : 'copy' });
            }}
          >
            Add
          </Button>
        </>
      }
    >
      <FileField
        label="Disk image"
        purpose="disk"
        value={path}
        onChange={(chosen) => {
          setPath(chosen);
          setSaid(null);
        }}
        onFact={setFact}
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
      <ChoiceList
        label="What happens to it"
        value={onlyCopied === null ? use : 'copy'}
        onChange={setUse}
        choices={[
          { id: 'copy', label: 'Copy it into the library' },
          {
            id: 'in-place',
            label: 'Use it where it is',
            note: onlyCopied ?? undefined,
            disabled: onlyCopied !== null,
          },
        ]}
      />
    </Dialog>
  );
}

function CdromDialog({ onAdd, onClose }: OrderDialogProps) {
  const { FileField } = useSlots();
  const [path, setPath] = useState('');
  const [fact, setFact] = useState<FileFact | null>(null);
  return (
    <Dialog
      title="Add a CD-ROM image"
      isOpen
      size="m"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={fact?.kind !== 'file'}
            onPress={() => onAdd({ kind: 'cdrom', path })}
          >
            Add
          </Button>
        </>
      }
    >
      <FileField label="ISO image" purpose="iso" value={path} onChange={setPath} onFact={setFact} />
    </Dialog>
  );
}
