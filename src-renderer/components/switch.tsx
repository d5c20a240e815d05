// A switch with its label and the notes under it.
import { Switch as AriaSwitch } from 'react-aria-components';
import { cx } from './cx.ts';
import { defined } from './defined.ts';
import { type FieldNotesProps, useFieldNotes } from './field-notes.tsx';
import styles from './switch.module.css';

export interface SwitchProps extends FieldNotesProps {
  label: string;
  value: boolean;
  onChange: (value: boolean) => void;
  disabled?: boolean | undefined;
}

export function Switch({ label, value, onChange, disabled = false, ...props }: SwitchProps) {
  const { notes, describedBy } = useFieldNotes(props);
  return (
    <div className={styles.field}>
      <AriaSwitch
        className={cx(styles.switch)}
        isSelected={value}
        onChange={onChange}
        isDisabled={disabled}
        {...defined({ 'aria-describedby': describedBy })}
      >
        <span aria-hidden className={styles.track}>
          <span className={styles.thumb} />
        </span>
        {label}
      </AriaSwitch>
      <div className={styles.notes}>{notes}</div>
    </div>
  );
}
