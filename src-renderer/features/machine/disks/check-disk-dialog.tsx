// Looks through an image's bookkeeping, and mends it when wished.
import { useState } from 'react';
import type { DiskCheck } from '../../../../src-main/contract/disk.ts';
import { client } from '../../../client/client.ts';
import { count } from '../../../components/format.ts';
import { Notice } from '../../../components/notice.tsx';
import { useWork } from '../../../stores/use-work.ts';
import type { DiskDialogProps } from './disk-dialog.tsx';
import { WorkDialog } from './work-dialog.tsx';

export function CheckDiskDialog({ vm, disk, onClose }: DiskDialogProps) {
  const [found, setFound] = useState<DiskCheck | null>(null);
  const work = useWork();
  const check = (repair: boolean) =>
    work.run(() => client.disks.check({ id: vm.id, disk: disk.id, repair }), setFound);
  const broken = found !== null && !found.clean;
  return (
    <WorkDialog
      vm={vm}
      title={`Check ${disk.id}`}
      work={work}
      onClose={onClose}
      action={found?.clean ? undefined : { label: broken ? 'Repair' : 'Check', onPress: () => check(broken) }}
    >
      {found === null ? (
        <p>
          The image’s own bookkeeping is read and compared: which blocks are taken, and by what. The guest’s
          file systems are not looked at.
        </p>
      ) : (
        <Finding found={found} />
      )}
    </WorkDialog>
  );
}

function Finding({ found: { clean, leaks, corruptions, repaired } }: { found: DiskCheck }) {
  const mended = repaired > 0 ? <p>{count(repaired, 'fault')} repaired.</p> : null;
  if (clean)
    return (
      <Notice tone="good" title="The image is sound.">
        {mended}
      </Notice>
    );
  return (
    <Notice
      tone={corruptions > 0 ? 'bad' : 'caution'}
      title={
        corruptions > 0 ? 'Some of the bookkeeping is wrong: data may be lost.' : 'Some space is wasted.'
      }
    >
      {mended}
      {corruptions > 0 ? <p>{count(corruptions, 'block')} with wrong bookkeeping.</p> : null}
      {leaks > 0 ? <p>{count(leaks, 'block')} taken by nothing: harmless, wasted.</p> : null}
    </Notice>
  );
}
