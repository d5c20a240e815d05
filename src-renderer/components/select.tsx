// A drop-down list; options that cannot be chosen say why.
import { Check, ChevronDown } from 'lucide-react';
import {
  Button as AriaButton,
  Select as AriaSelect,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from 'react-aria-components';
import { cx } from './cx.ts';
import { defined } from './defined.ts';
import styles from './field.module.css';
import { type FieldNotesProps, useFieldNotes } from './field-notes.tsx';

export interface Option<Id extends string = string> {
  id: Id;
  label: string;
  /** Under the label: what it is, or why it cannot be chosen. */
  note?: string | undefined;
  disabled?: boolean | undefined;
}

export interface SelectProps<Id extends string> extends FieldNotesProps {
  label: string;
  hideLabel?: boolean | undefined;
  value: Id | null;
  onChange: (value: Id) => void;
  options: readonly Option<Id>[];
  placeholder?: string | undefined;
  disabled?: boolean | undefined;
  mono?: boolean | undefined;
}

export function Select<Id extends string>({ label, value, onChange, options, ...props }: SelectProps<Id>) {
  const { notes, invalid, describedBy } = useFieldNotes(props);
  return (
    <div className={styles.field}>
      <AriaSelect
        className={cx(styles.field)}
        value={value}
        onChange={(key) => {
          const option = options.find((candidate) => candidate.id === key);
          if (option) onChange(option.id);
        }}
        disabledKeys={options.filter((option) => option.disabled).map((option) => option.id)}
        isInvalid={invalid}
        isDisabled={props.disabled ?? false}
        placeholder={props.placeholder ?? 'Choose…'}
        {...defined({
          'aria-label': props.hideLabel ? label : undefined,
          'aria-describedby': describedBy,
        })}
      >
        {props.hideLabel ? null : <Label className={styles.label}>{label}</Label>}
        <AriaButton className={cx(styles.trigger, props.mono && styles.mono)}>
          <SelectValue className={cx(styles.value)}>
            {({ isPlaceholder, defaultChildren }) =>
              isPlaceholder ? defaultChildren : options.find((option) => option.id === value)?.label
            }
          </SelectValue>
          <ChevronDown aria-hidden className={styles.chevron} />
        </AriaButton>
        <Popover className={cx(styles.popover)} offset={4}>
          <ListBox className={cx(styles.listbox)} items={options}>
            {(option) => (
              <ListBoxItem className={cx(styles.option)} textValue={option.label}>
                <Check aria-hidden className={styles.check} />
                <span className={styles.optionText}>
                  <span className={cx(styles.optionLabel, props.mono && styles.mono)}>{option.label}</span>
                  {option.note ? <span className={styles.optionNote}>{option.note}</span> : null}
                </span>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </AriaSelect>
      {notes}
    </div>
  );
}
