// A box to tick.
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox } from 'react-aria-components';
import styles from './checkbox.module.css';
import { cx } from './cx.ts';

export interface CheckboxProps {
  children: ReactNode;
  value: boolean;
  onChange: (value: boolean) => void;
  disabled?: boolean | undefined;
}

export function Checkbox({ children, value, onChange, disabled = false }: CheckboxProps) {
  return (
    <AriaCheckbox
      className={cx(styles.checkbox)}
      isSelected={value}
      onChange={onChange}
      isDisabled={disabled}
    >
      <span aria-hidden className={styles.box}>
        <Check className={styles.check} />
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  );
}
