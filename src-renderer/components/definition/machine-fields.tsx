// Board, CPU, vCPUs, memory, acceleration: each with its reason and its problems.
import { useSlots } from '../../slots.ts';
import { useHost } from '../../stores/host.ts';
import { NumberField } from '../field.tsx';
import { ProblemList } from '../problem-list.tsx';
import { Select } from '../select.tsx';
import { boardOf } from './board-of.ts';
import { acceleratorOptions, cpuOptions } from './cpu-options.ts';
import styles from './form.module.css';
import { controlProps, type DefinitionForm } from './form.ts';
import { MemoryField } from './memory-field.tsx';
import { RefitNotice, type RefitNoticeProps } from './refit-notice.tsx';

interface MachineFieldsProps {
  form: DefinitionForm;
  /** What the last change of board changed besides. */
  refit: RefitNoticeProps | null;
}

export function MachineFields({ form, refit }: MachineFieldsProps) {
  const { BoardPicker } = useSlots();
  const { boards, qemu } = useHost();
  const { definition, change, reason } = form;
  const board = boardOf(boards ?? [], definition.machine);
  const at = (...fields: string[]) => controlProps(form, ...fields);
  const fixedVcpus = board !== undefined && board.vcpus.min === board.vcpus.max;
  return (
    <>
      <section className={styles.section}>
        <BoardPicker
          boards={boards ?? []}
          machine={definition.machine}
          onChange={form.changeBoard}
          disabled={form.disabled}
        />
        {reason('/machine') ? <p className={styles.hint}>{reason('/machine')}</p> : null}
        {refit ? <RefitNotice {...refit} /> : null}
        <ProblemList {...at('/machine')} />
      </section>
      <div className={styles.grid}>
        <Select
          label="CPU"
          mono
          value={definition.cpu}
          onChange={(cpu) => change({ cpu })}
          options={cpuOptions(board, definition.cpu)}
          description={reason('/cpu')}
          {...at('/cpu')}
        />
        <NumberField
          label="vCPUs"
          value={definition.vcpus}
          min={1}
          max={board ? Math.max(board.vcpus.max, definition.vcpus) : undefined}
          onChange={(vcpus) => change({ vcpus })}
          description={fixedVcpus ? 'The board has exactly this many.' : reason('/vcpus')}
          {...at('/vcpus')}
          disabled={form.disabled || (fixedVcpus && definition.vcpus === board.vcpus.max)}
        />
        <MemoryField
          rule={board?.memory}
          value={definition.memoryMiB}
          onChange={(memoryMiB) => change({ memoryMiB })}
          reason={reason('/memoryMiB')}
          {...at('/memoryMiB')}
        />
        <Select
          label="Acceleration"
          value={definition.accelerator}
          onChange={(accelerator) => change({ accelerator })}
          options={acceleratorOptions(qemu?.inUse?.accelerators ?? [])}
          description={reason('/accelerator')}
          {...at('/accelerator')}
        />
      </div>
    </>
  );
}

/** Fields that show their own problems here. */
export const machineFields = ['/machine', '/cpu', '/vcpus', '/memoryMiB', '/accelerator'];
