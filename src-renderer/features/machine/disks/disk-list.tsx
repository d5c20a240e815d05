// The machine's disks: how each is attached, what it takes, what can be done with it, and another one.
import { Disc3, EllipsisVertical, HardDrive } from 'lucide-react';
import { useState } from 'react';
import type { BoardCard } from '../../../../src-main/contract/board.ts';
import type { Disk } from '../../../../src-main/contract/definition.ts';
import { allowedActions, type VmView } from '../../../../src-main/contract/vm.ts';
import { Button } from '../../../components/button.tsx';
import { DiskFields } from '../../../components/definition/disk-fields.tsx';
import type { DefinitionForm } from '../../../components/definition/form.ts';
import { MenuButton } from '../../../components/menu.tsx';
import { ProblemList } from '../../../components/problem-list.tsx';
import { isOwnFile } from '../hardware/own-file.ts';
import { AddDiskDialog } from './add-disk-dialog.tsx';
import { BootOrderFields, needsOrder } from './boot-order-fields.tsx';
import { DiskDialog } from './disk-dialog.tsx';
import { type DiskVerb, diskMenu } from './disk-menu.ts';
import { DiskUsage } from './disk-usage.tsx';
import styles from './disks.module.css';
import { useDiskReport } from './use-disk-report.ts';

interface DiskListProps {
  vm: VmView;
  form: DefinitionForm;
  board: BoardCard | undefined;
  /** No change of the definition waits to be saved. */
  settled: boolean;
}

export function DiskList({ vm, form, board, settled }: DiskListProps) {
  const { definition, disabled, problems } = form;
  const { disks } = definition;
  const [finished, setFinished] = useState(0);
  const report = useDiskReport(vm, finished);
  const [adding, setAdding] = useState<Disk['media'] | null>(null);
  const [working, setWorking] = useState<{ disk: string; verb: DiskVerb } | null>(null);
  const reportOf = (id: string) => report?.disks.find((use) => use.id === id);
  const worked = disks.find(({ id }) => id === working?.disk);
  const order = needsOrder(form);
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
              usage={disk.media === 'cdrom' ? null : <DiskUsage use={reportOf(disk.id)} />}
              ownOrder={!order}
              actions={
                <MenuButton
                  size="s"
                  icon={EllipsisVertical}
                  label={`Actions for ${disk.id}`}
                  entries={diskMenu(vm, disk, settled, (verb) => setWorking({ disk: disk.id, verb }))}
                />
              }
            />
          ))}
        </ul>
      )}
      <ProblemList problems={problems.filter(({ field }) => field === '/disks')} onFix={form.fix} />
      {order ? <BootOrderFields form={form} /> : null}
      <div className={styles.row}>
        <Button size="s" icon={HardDrive} isDisabled={disabled || !settled} onPress={() => setAdding('disk')}>
          Add disk…
        </Button>
        <Button size="s" icon={Disc3} isDisabled={disabled || !settled} onPress={() => setAdding('cdrom')}>
          Add CD-ROM…
        </Button>
        {!settled && allowedActions[vm.state].includes('edit') ? (
          <p className={styles.hint}>Save or discard the changes first: disks are worked on at once.</p>
        ) : null}
      </div>
      {adding ? (
        <AddDiskDialog
          vm={vm}
          media={adding}
          disks={disks}
          board={board}
          hotplugBuses={report?.hotplugBuses ?? []}
          onClose={() => setAdding(null)}
        />
      ) : null}
      {working && worked ? (
        <DiskDialog
          vm={vm}
          disk={worked}
          verb={working.verb}
          use={reportOf(worked.id)}
          onClose={() => {
            setWorking(null);
            setFinished(finished + 1);
          }}
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
