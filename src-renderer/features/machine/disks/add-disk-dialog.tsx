// Adds a disk: new and empty, imported from an image of any format, or an image used where it is.
import { useState } from 'react';
import type { BoardCard } from '../../../../src-main/contract/board.ts';
import type { Disk, DiskBus } from '../../../../src-main/contract/definition.ts';
import type { DiskSource } from '../../../../src-main/contract/disk.ts';
import type { FileFact } from '../../../../src-main/contract/image.ts';
import type { VmView } from '../../../../src-main/contract/vm.ts';
import { client } from '../../../client/client.ts';
import { ChoiceList } from '../../../components/choice-list.tsx';
import { busWords } from '../../../components/definition/disk-words.ts';
import {
  busFor,
  certainFormat,
  copyOnly,
  formatFor,
  nextDiskId,
  refusalOf,
} from '../../../components/definition/disks.ts';
import { NumberField } from '../../../components/field.tsx';
import { Select } from '../../../components/select.tsx';
import { useSlots } from '../../../slots.ts';
import { useWork } from '../../../stores/use-work.ts';
import { WorkDialog } from './work-dialog.tsx';

interface AddDiskDialogProps {
  vm: VmView;
  media: Disk['media'];
  disks: readonly Disk[];
  board: BoardCard | undefined;
  /** Those that take a disk while the machine runs. */
  hotplugBuses: readonly DiskBus[];
  onClose: () => void;
}

const GiB = 1024 ** 3;

export function AddDiskDialog({ vm, media, disks, board, hotplugBuses, onClose }: AddDiskDialogProps) {
  const { FileField } = useSlots();
  const cdrom = media === 'cdrom';
  const [kind, setKind] = useState<DiskSource['kind']>(cdrom ? 'in-place' : 'new');
  const [sizeGiB, setSizeGiB] = useState(20);
  const [path, setPath] = useState('');
  const [fact, setFact] = useState<FileFact | null>(null);
  const [said, setSaid] = useState<Disk['format'] | null>(null);
  const [bus, setBus] = useState<DiskBus>(() => firstBus(busFor(disks, board, media), hotplugBuses));
  const work = useWork();
  const usable = fact !== null && refusalOf(fact) === null;
  const obstacle = kind === 'in-place' && !cdrom ? copyOnly(fact) : null;
  const certain = cdrom ? (certainFormat(fact?.disk) ?? 'raw') : formatFor(fact);
  const format = kind === 'new' ? 'qcow2' : (certain ?? said);
  const ready = kind === 'new' || (usable && obstacle === null);

  const add = () => {
    if (format === null) return;
    const id = nextDiskId(disks, media);
    const disk: Disk = { id, file: `disks/${id}.${format}`, format, media, bus, readOnly: cdrom };
    const source = sourceOf(kind, path, sizeGiB * GiB);
    void work.run(() => client.disks.add({ id: vm.id, revision: vm.revision, disk, source }), onClose);
  };
  return (
    <WorkDialog
      vm={vm}
      title={cdrom ? 'Add a CD-ROM' : 'Add a disk'}
      size="m"
      work={work}
      onClose={onClose}
      action={{ label: 'Add', onPress: add, disabled: !ready || format === null }}
    >
      {cdrom ? null : (
        <ChoiceList
          label="What is in it"
          value={kind}
          onChange={setKind}
          disabled={work.busy}
          choices={[
            { id: 'new', label: 'New and empty', note: 'Takes space only as the guest writes to it.' },
            {
              id: 'import',
              label: 'A copy of an image',
              note: 'qcow2, raw, vmdk, vdi or vhdx; also packed as .xz, .zst or .gz. The original stays.',
            },
            { id: 'in-place', label: 'An image where it is', note: 'The guest writes to your file.' },
          ]}
        />
      )}
      {kind === 'new' ? (
        <NumberField label="Size" unit="GiB" value={sizeGiB} min={1} max={16384} onChange={setSizeGiB} />
      ) : (
        <FileField
          label={cdrom ? 'ISO image' : 'Disk image'}
          purpose={cdrom ? 'iso' : 'disk'}
          value={path}
          onChange={(chosen) => {
            setPath(chosen);
            setSaid(null);
          }}
          onFact={setFact}
          error={obstacle ?? undefined}
        />
      )}
      {kind !== 'new' && usable && certain === null ? (
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
      <Select
        label="Attached by"
        value={bus}
        onChange={setBus}
        options={(board?.diskBuses ?? [bus]).map((id) => ({ id, label: busWords[id] }))}
        description={vm.run ? plugWords(hotplugBuses.includes(bus)) : undefined}
      />
    </WorkDialog>
  );
}

/** The usual one, unless only another can take it while the machine runs. */
function firstBus(usual: DiskBus, hotplugBuses: readonly DiskBus[]): DiskBus {
  return hotplugBuses.includes(usual) ? usual : (hotplugBuses[0] ?? usual);
}

function plugWords(atOnce: boolean): string {
  return atOnce
    ? 'It is plugged into the running machine at once.'
    : 'This bus takes no disk while the machine runs: it is there after the next start.';
}

function sourceOf(kind: DiskSource['kind'], path: string, sizeBytes: number): DiskSource {
  switch (kind) {
    case 'new':
      return { kind, sizeBytes };
    case 'import':
      return { kind, from: path };
    case 'in-place':
      return { kind, file: path };
  }
}
