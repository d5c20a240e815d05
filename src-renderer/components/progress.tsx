// How far long work has come, in words too.
import { Label, ProgressBar } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './progress.module.css';

interface ProgressProps {
  label: string;
  /** 0 to 1; left out: nobody knows. */
  part?: number | undefined;
  /** Beside the label, such as `12 MiB of 40 MiB, 4 s left`. */
  note?: string | undefined;
}

export function Progress({ label, part, note }: ProgressProps) {
  return (
    <ProgressBar
      className={cx(styles.progress)}
      isIndeterminate={part === undefined}
      {...(part === undefined ? {} : { value: part * 100 })}
      {...(note ? { valueLabel: note } : {})}
    >
      {({ percentage, valueText }) => (
        <>
          <span className={styles.words}>
            <Label>{label}</Label>
            <span className={styles.note}>{note ?? valueText}</span>
          </span>
          <span className={styles.track}>
            <span
              className={cx(styles.bar, part === undefined && styles.unknown)}
              style={part === undefined ? undefined : { width: `${percentage ?? 0}%` }}
            />
          </span>
        </>
      )}
    </ProgressBar>
  );
}
