// The machine's disks: how each is attached, and another one from a file that exists.
import { Disc3, HardDrive } from 'lucide-react';
import { useState } from 'react';
import type { BoardCard } from '../../../../src-main/contract/board.ts';
import type { Disk } from '../../../../src-main/contract/definition.ts';
import { Button } from '../../../components/button.tsx';
import { DiskFields } from '../../../components/definition/disk-fields.tsx';
import type { DefinitionForm } from '../../../components/definition/form.ts';
import { ProblemList } from '../../../components/problem-list.tsx';
import { AddDiskDialog } from './add-disk-dialog.tsx';
import styles from './hardware.module.css';
import { isOwnFile } from './own-file.ts';

interface DiskListProps {
  form: DefinitionForm;
  board: BoardCard | undefined;
}

export function DiskList({ form, board }: DiskListProps) {
  const { definition, disabled, problems } = form;
  const { disks } = definition;
  const [adding, setAdding] = useState<Disk['media'] | null>(null);
  return (
    <div className={styles.list}>
      {disks.length === 0 ? (
        <p className={styles.hint}>This machine has no disk; what it runs is loaded into its memory.</p>
      ) : (
        <ul className={styles.list}>
          {disks.map((disk, index) => (
            <DiskFields
              key={disk.id}
              form={form}
              index={index}
              disk={disk}
              board={board}
              contents={contentsOf(disk)}
              onRemove={() => form.change({ disks: disks.toSpliced(index, 1) })}
            />
          ))}
        </ul>
      )}
      <ProblemList problems={problems.filter(({ field }) => field === '/disks')} onFix={form.fix} />
      <div className={styles.row}>
        <Button size="s" icon={HardDrive} isDisabled={disabled} onPress={() => setAdding('disk')}>
          Add a disk image…
        </Button>
        <Button size="s" icon={Disc3} isDisabled={disabled} onPress={() => setAdding('cdrom')}>
          Add a CD-ROM image…
        </Button>
      </div>
      {adding ? (
        <AddDiskDialog
          media={adding}
          disks={disks}
          board={board}
          onAdd={(disk) => {
            setAdding(null);
            form.change({ disks: [...disks, disk] });
          }}
          onClose={() => setAdding(null)}
        />
      ) : null}
    </div>
  );
}

function contentsOf({ file, format, media }: Disk): string {
  const kind = media === 'cdrom' ? 'CD-ROM' : format;
  return isOwnFile(file)
    ? `${kind}, ${file} in the machine’s own folder`
    : `${kind}, ${file}, used where it is`;
}
