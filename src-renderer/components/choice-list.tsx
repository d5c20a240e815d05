// One of a few, each with a sentence: radio buttons as rows or as cards.
import type { LucideIcon } from 'lucide-react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import styles from './choice-list.module.css';
import { cx } from './cx.ts';
import { defined } from './defined.ts';
import { type FieldNotesProps, useFieldNotes } from './field-notes.tsx';

export interface Choice<Id extends string> {
  id: Id;
  label: string;
  note?: string | undefined;
  icon?: LucideIcon | undefined;
  disabled?: boolean | undefined;
}

export interface ChoiceListProps<Id extends string> extends FieldNotesProps {
  label: string;
  hideLabel?: boolean | undefined;
  value: Id | null;
  onChange: (value: Id) => void;
  choices: readonly Choice<Id>[];
  look?: 'rows' | 'cards' | 'segments' | undefined;
  disabled?: boolean | undefined;
}

export function ChoiceList<Id extends string>(props: ChoiceListProps<Id>) {
  const { label, value, onChange, choices, look = 'rows' } = props;
  const { notes, invalid, describedBy } = useFieldNotes(props);
  return (
    <div className={styles.group}>
      <RadioGroup
        className={cx(styles.group)}
        value={value}
        onChange={(key) => {
          const choice = choices.find((candidate) => candidate.id === key);
          if (choice) onChange(choice.id);
        }}
        isInvalid={invalid}
        isDisabled={props.disabled ?? false}
        {...defined({
          'aria-label': props.hideLabel ? label : undefined,
          'aria-describedby': describedBy,
        })}
      >
        {props.hideLabel ? null : <Label className={styles.label}>{label}</Label>}
        <div className={cx(styles[look])}>
          {choices.map(({ id, label: words, note, icon: Icon, disabled }) => (
            <Radio key={id} value={id} isDisabled={disabled ?? false} className={cx(styles.choice)}>
              {look === 'rows' ? <span aria-hidden className={styles.dot} /> : null}
              {Icon ? <Icon aria-hidden className={styles.icon} /> : null}
              <span className={styles.text}>
                <span className={styles.words}>{words}</span>
                {note ? <span className={styles.note}>{note}</span> : null}
              </span>
            </Radio>
          ))}
        </div>
      </RadioGroup>
      {notes}
    </div>
  );
}
