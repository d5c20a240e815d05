// One disk: what is in it, how it is attached, in which order it is tried.
import { Disc3, HardDrive, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { BoardCard } from '../../../src-main/contract/board.ts';
import type { Disk, DiskBus } from '../../../src-main/contract/definition.ts';
import { IconButton } from '../button.tsx';
import { formatBytes } from '../format.ts';
import { ProblemList } from '../problem-list.tsx';
import { Select } from '../select.tsx';
import { Switch } from '../switch.tsx';
import styles from './disk-fields.module.css';
import { busWords } from './disk-words.ts';
import { withBootOrder } from './disks.ts';
import { controlProps, type DefinitionForm } from './form.ts';

interface DiskFieldsProps {
  form: DefinitionForm;
  index: number;
  disk: Disk;
  board: BoardCard | undefined;
  /** What is in it: a path, a copy to be made. */
  contents: string;
  /** Before the other fields: the size of a new disk. */
  children?: ReactNode;
  /** What can be done with it; left out: it can be taken away. */
  actions?: ReactNode;
  /** Under its name: what it takes. */
  usage?: ReactNode;
  /** False where the order of all disks is settled in one place. */
  ownOrder?: boolean;
  onRemove?: () => void;
}

export function DiskFields({ form, index, disk, board, contents, onRemove, ...props }: DiskFieldsProps) {
  const { problems, onFix, disabled } = controlProps(form, `/disks/${index}`);
  const Icon = disk.media === 'cdrom' ? Disc3 : HardDrive;
  const replace = (changed: Disk) => form.change({ disks: form.definition.disks.with(index, changed) });
  return (
    <li className={styles.disk} data-disk={disk.id}>
      <header className={styles.head}>
        <Icon aria-hidden className={styles.icon} />
        <span className={styles.words}>
          <strong>{disk.id}</strong>
          <span className={styles.contents}>
            {contents}
            {disk.growToBytes === undefined ? null : `, grown to at least ${formatBytes(disk.growToBytes)}`}
          </span>
        </span>
        {props.actions}
        {onRemove ? (
          <IconButton
            size="s"
            icon={Trash2}
            label={`Remove ${disk.id}`}
            isDisabled={disabled}
            onPress={onRemove}
          />
        ) : null}
      </header>
      {props.usage}
      <div className={styles.fields}>
        {props.children}
        <Select
          label="Attached by"
          value={disk.bus}
          onChange={(bus) => replace({ ...disk, bus })}
          options={busOptions(board, disk.bus)}
          disabled={disabled}
        />
        {(props.ownOrder ?? true) ? (
          <Select
            label="Boot order"
            value={disk.bootIndex === undefined ? 'none' : String(disk.bootIndex)}
            onChange={(order) => replace(withBootOrder(disk, order === 'none' ? undefined : Number(order)))}
            options={bootOptions(disk.bootIndex)}
            disabled={disabled}
          />
        ) : null}
      </div>
      {disk.media === 'disk' ? (
        <Switch
          label="Read-only"
          value={disk.readOnly}
          onChange={(readOnly) => replace({ ...disk, readOnly })}
          disabled={disabled}
        />
      ) : null}
      <ProblemList problems={problems} onFix={onFix} />
    </li>
  );
}

function busOptions(board: BoardCard | undefined, current: DiskBus) {
  const there = board?.diskBuses ?? [current];
  const all = there.includes(current) ? there : [current, ...there];
  return all.map((bus) => ({
    id: bus,
    label: busWords[bus],
    ...(there.includes(bus) ? {} : { note: 'This board does not have it.', disabled: true }),
  }));
}

function bootOptions(current: number | undefined) {
  const indexes = [...new Set([0, 1, 2, 3, ...(current === undefined ? [] : [current])])].toSorted(
    (a, b) => a - b,
  );
  const ordinals = ['First', 'Second', 'Third', 'Fourth'];
  return [
    { id: 'none', label: 'Not tried' },
    ...indexes.map((index) => ({ id: String(index), label: ordinals[index] ?? `Number ${index + 1}` })),
  ];
}
