// Memory as the board's rule allows it: a range, a list, or nothing to choose.
import type { MemoryRule } from '../../../src-main/contract/board.ts';
import { useHost } from '../../stores/host.ts';
import { Button } from '../button.tsx';
import { NumberField } from '../field.tsx';
import type { FieldNotesProps } from '../field-notes.tsx';
import { formatMiB } from '../format.ts';
import { ProblemList } from '../problem-list.tsx';
import { Select } from '../select.tsx';
import styles from './form.module.css';

interface MemoryFieldProps extends Pick<FieldNotesProps, 'problems' | 'onFix'> {
  /** Undefined for a board that is not known: any number then. */
  rule: MemoryRule | undefined;
  /** MiB. */
  value: number;
  onChange: (mebibytes: number) => void;
  reason: string | undefined;
  disabled: boolean;
}

const presets = [256, 512, 1024, 2048, 4096, 8192, 16384];

export function MemoryField({ rule, value, onChange, reason, ...notes }: MemoryFieldProps) {
  switch (rule?.kind) {
    case 'list':
      return (
        <Select
          label="Memory"
          value={String(value)}
          onChange={(size) => onChange(Number(size))}
          options={listOptions(rule.sizesMiB, value)}
          description={reason ?? 'The board takes these sizes only.'}
          {...notes}
        />
      );
    case 'fixed':
    case 'ignored':
      return <FixedMemory rule={rule} value={value} problems={notes.problems} onFix={notes.onFix} />;
    case 'range':
    case undefined:
      return <RangeMemory rule={rule} value={value} onChange={onChange} reason={reason} {...notes} />;
  }
}

function listOptions(sizes: readonly number[], value: number) {
  const all = sizes.includes(value) ? sizes : [value, ...sizes];
  return all.map((size) => ({ id: String(size), label: formatMiB(size), disabled: !sizes.includes(size) }));
}

type FixedMemoryProps = Pick<MemoryFieldProps, 'value' | 'problems' | 'onFix'> & {
  rule: Extract<MemoryRule, { kind: 'fixed' | 'ignored' }>;
};

function FixedMemory({ rule, value, problems = [], onFix }: FixedMemoryProps) {
  const why =
    rule.kind === 'fixed'
      ? 'The board has exactly this much.'
      : 'The board has its own memory and takes no other.';
  return (
    <div className={styles.field}>
      <dl className={styles.readOnly}>
        <dt>Memory</dt>
        <dd>
          {formatMiB(rule.MiB)}. {why}
        </dd>
      </dl>
      {value === rule.MiB ? null : <p className={styles.hint}>Set to {formatMiB(value)} now.</p>}
      <ProblemList problems={problems} onFix={onFix} />
    </div>
  );
}

type RangeMemoryProps = Omit<MemoryFieldProps, 'rule'> & {
  rule: Extract<MemoryRule, { kind: 'range' }> | undefined;
};

function RangeMemory({ rule, value, onChange, reason, ...notes }: RangeMemoryProps) {
  const info = useHost().info;
  const offered = presets.filter(
    (size) =>
      size >= (rule?.minMiB ?? 0) &&
      size <= Math.min(rule?.maxMiB ?? Number.POSITIVE_INFINITY, info?.memoryMiB ?? Number.POSITIVE_INFINITY),
  );
  const host =
    info === null
      ? ''
      : ` This computer has ${formatMiB(info.memoryMiB)}, ${formatMiB(info.freeMemoryMiB)} of it free.`;
  return (
    <div className={styles.field}>
      <NumberField
        label="Memory"
        unit="MiB"
        value={value}
        min={0}
        step={64}
        onChange={onChange}
        description={`${reason ?? `${formatMiB(value)}.`}${host}`}
        {...notes}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a flex row in every browser */}
      <div role="group" className={styles.chips} aria-label="Usual sizes">
        {offered.map((size) => (
          <Button
            key={size}
            size="s"
            isDisabled={notes.disabled}
            variant={size === value ? 'secondary' : 'quiet'}
            onPress={() => onChange(size)}
          >
            {formatMiB(size)}
          </Button>
        ))}
      </div>
    </div>
  );
}
