// One disk of the machine being made: its fields, and the size of one that is new.
import type { BoardCard } from '../../../src-main/contract/board.ts';
import type { Disk } from '../../../src-main/contract/definition.ts';
import type { Provision } from '../../../src-main/contract/vm.ts';
import { DiskFields } from '../../components/definition/disk-fields.tsx';
import type { DefinitionForm } from '../../components/definition/form.ts';
import { NumberField } from '../../components/field.tsx';
import { diskContents } from './disks.ts';
import type { WizardAction } from './state.ts';

const GiB = 1024 ** 3;
/** Main makes no larger disk: most file systems could not hold it once it is full. */
const largestGiB = 16 * 1024;

interface DiskRowProps {
  form: DefinitionForm;
  index: number;
  disk: Disk;
  board: BoardCard | undefined;
  provision: Provision | undefined;
  dispatch: (action: WizardAction) => void;
}

export function DiskRow({ form, index, disk, board, provision, dispatch }: DiskRowProps) {
  return (
    <DiskFields
      form={form}
      index={index}
      disk={disk}
      board={board}
      contents={diskContents(disk, provision)}
      onRemove={() => dispatch({ type: 'remove-disk', id: disk.id })}
    >
      {provision?.kind === 'new-disk' ? (
        <NumberField
          label="Size"
          unit="GiB"
          value={Math.max(1, Math.round(provision.sizeBytes / GiB))}
          min={1}
          max={largestGiB}
          onChange={(size) => dispatch({ type: 'resize-disk', id: disk.id, sizeBytes: size * GiB })}
        />
      ) : null}
    </DiskFields>
  );
}
