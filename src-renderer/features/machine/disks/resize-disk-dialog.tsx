// Makes a disk larger, or cuts off its end; says what is left to do inside of the guest.
import { useState } from 'react';
import { client } from '../../../client/client.ts';
import { Checkbox } from '../../../components/checkbox.tsx';
import { NumberField } from '../../../components/field.tsx';
import { formatBytes } from '../../../components/format.ts';
import { Notice } from '../../../components/notice.tsx';
import { useWork } from '../../../stores/use-work.ts';
import type { DiskDialogProps } from './disk-dialog.tsx';
import { WorkDialog } from './work-dialog.tsx';

const MiB = 1048576;
const GiB = 1024 * MiB;

export function ResizeDiskDialog({ vm, disk, use, onClose }: DiskDialogProps) {
  const [before] = useState(use?.virtualBytes ?? 0);
  const unit = before % GiB === 0 && before > 0 ? GiB : MiB;
  const [size, setSize] = useState(Math.max(1, Math.ceil(before / unit)));
  const [ready, setReady] = useState(false);
  const [advice, setAdvice] = useState<string | null>(null);
  const work = useWork();
  const sizeBytes = size * unit;
  const shrink = sizeBytes < before;
  const resize = () =>
    work.run(
      () => client.disks.resize({ id: vm.id, disk: disk.id, sizeBytes, shrink }),
      (answer) => setAdvice(answer.advice),
    );
  if (advice !== null)
    return (
      <WorkDialog vm={vm} title={`Resize ${disk.id}`} work={work} onClose={onClose}>
        <Notice tone="good" title={`${disk.id} has ${formatBytes(sizeBytes)} now.`}>
          <p>{advice}</p>
        </Notice>
      </WorkDialog>
    );
  return (
    <WorkDialog
      vm={vm}
      title={`Resize ${disk.id}`}
      work={work}
      onClose={onClose}
      action={{
        label: shrink ? 'Shrink' : 'Grow',
        onPress: resize,
        disabled: sizeBytes === before || (shrink && !ready),
        danger: shrink,
      }}
    >
      <NumberField
        label="Size"
        unit={unit === GiB ? 'GiB' : 'MiB'}
        value={size}
        min={1}
        onChange={setSize}
        description={`It has ${formatBytes(before)}. New space takes nothing on this computer until the guest writes to it.`}
      />
      {shrink ? (
        <>
          <Notice tone="caution" title={`The last ${formatBytes(before - sizeBytes)} are cut off.`}>
            <p>What lies there is lost to the present. A snapshot is taken before.</p>
          </Notice>
          <Checkbox value={ready} onChange={setReady}>
            The guest’s partitions and file systems end before that
          </Checkbox>
        </>
      ) : null}
    </WorkDialog>
  );
}
