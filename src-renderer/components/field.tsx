// Text and number fields: label, input, and the notes under it.
import type { ReactNode, Ref } from 'react';
import {
  Button as AriaButton,
  NumberField as AriaNumberField,
  Group,
  Input,
  Label,
  TextArea,
  TextField,
} from 'react-aria-components';
import { cx } from './cx.ts';
import { defined } from './defined.ts';
import styles from './field.module.css';
import { type FieldNotesProps, useFieldNotes } from './field-notes.tsx';

interface Common extends FieldNotesProps {
  label: string;
  /** The label is read out but not shown: a heading or a table column says it already. */
  hideLabel?: boolean | undefined;
  disabled?: boolean | undefined;
  autoFocus?: boolean | undefined;
  name?: string | undefined;
}

export interface FieldProps extends Common {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string | undefined;
  /** For what a machine reads: paths, addresses, command lines. */
  mono?: boolean | undefined;
  /** A text area of so many lines. */
  rows?: number | undefined;
  onBlur?: (() => void) | undefined;
  /** Beside the input: a browse button. */
  trailing?: ReactNode;
  inputRef?: Ref<HTMLInputElement>;
}

export function Field({ label, value, onChange, mono = false, rows, trailing, ...props }: FieldProps) {
  const { notes, invalid, describedBy } = useFieldNotes(props);
  const inputClass = cx(styles.input, mono && styles.mono);
  return (
    <div className={styles.field}>
      <TextField
        className={cx(styles.field)}
        value={value}
        onChange={onChange}
        isInvalid={invalid}
        isDisabled={props.disabled ?? false}
        autoFocus={props.autoFocus ?? false}
        spellCheck="false"
        autoComplete="off"
        {...defined({
          'aria-label': props.hideLabel ? label : undefined,
          'aria-describedby': describedBy,
          name: props.name,
          onBlur: props.onBlur,
        })}
      >
        {props.hideLabel ? null : <Label className={styles.label}>{label}</Label>}
        <div className={styles.row}>
          {rows ? (
            <TextArea className={inputClass} rows={rows} {...defined({ placeholder: props.placeholder })} />
          ) : (
            <Input
              className={inputClass}
              {...defined({ placeholder: props.placeholder, ref: props.inputRef })}
            />
          )}
          {trailing}
        </div>
      </TextField>
      {notes}
    </div>
  );
}

export interface NumberFieldProps extends Common {
  value: number;
  onChange: (value: number) => void;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | undefined;
  /** After the number: `MiB`, `s`. */
  unit?: string | undefined;
  /** Without thousands separators: ports. */
  plain?: boolean | undefined;
  /** Reported when it is done with, kept within its bounds; otherwise with every digit, whatever it is. */
  onceCommitted?: boolean | undefined;
}

export function NumberField({
  label,
  value,
  onChange,
  min,
  max,
  step,
  unit,
  onceCommitted = false,
  ...props
}: NumberFieldProps) {
  const { notes, invalid, describedBy } = useFieldNotes(props);
  return (
    <div className={styles.field}>
      <AriaNumberField
        className={cx(styles.field)}
        value={value}
        onChange={(next) => {
          if (!Number.isNaN(next)) onChange(next);
        }}
        // Thousands separators would move the cursor while somebody types.
        formatOptions={{ useGrouping: false, maximumFractionDigits: 0 }}
        commitBehavior={onceCommitted ? 'snap' : 'validate'}
        isInvalid={invalid}
        isDisabled={props.disabled ?? false}
        {...defined({
          minValue: min,
          maxValue: max,
          step,
          'aria-label': props.hideLabel ? label : undefined,
          'aria-describedby': describedBy,
        })}
      >
        {props.hideLabel ? null : <Label className={styles.label}>{label}</Label>}
        <Group className={cx(styles.number)}>
          <Input
            className={cx(styles.numberInput)}
            onInput={(event) => {
              const typed = event.currentTarget.value.trim();
              if (!onceCommitted && /^\d{1,9}$/.test(typed)) onChange(Number(typed));
            }}
          />
          {unit ? <span className={styles.unit}>{unit}</span> : null}
          <AriaButton slot="decrement" className={cx(styles.step)}>
            −
          </AriaButton>
          <AriaButton slot="increment" className={cx(styles.step)}>
            +
          </AriaButton>
        </Group>
      </AriaNumberField>
      {notes}
    </div>
  );
}
