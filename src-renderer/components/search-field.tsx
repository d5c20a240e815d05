// A field to search in; Escape empties it.
import { Search, X } from 'lucide-react';
import type { Ref } from 'react';
import { Button as AriaButton, SearchField as AriaSearchField, Input } from 'react-aria-components';
import { cx } from './cx.ts';
import { defined } from './defined.ts';
import styles from './search-field.module.css';

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string | undefined;
  /** Shown while it is empty, such as `/`. */
  shortcut?: string | undefined;
  onSubmit?: ((value: string) => void) | undefined;
  onKeyDown?: ((event: { key: string; preventDefault: () => void }) => void) | undefined;
  inputRef?: Ref<HTMLInputElement>;
  autoFocus?: boolean | undefined;
}

export function SearchField({ label, value, onChange, placeholder, shortcut, ...props }: SearchFieldProps) {
  return (
    <AriaSearchField
      className={cx(styles.search)}
      aria-label={label}
      value={value}
      onChange={onChange}
      autoFocus={props.autoFocus ?? false}
      {...defined({ onSubmit: props.onSubmit, onKeyDown: props.onKeyDown })}
    >
      <Search aria-hidden className={styles.icon} />
      <Input className={cx(styles.input)} {...defined({ placeholder, ref: props.inputRef })} />
      {value ? (
        <AriaButton className={cx(styles.clear)} aria-label="Clear search">
          <X aria-hidden className={styles.icon} />
        </AriaButton>
      ) : shortcut ? (
        <kbd aria-hidden className={styles.shortcut}>
          {shortcut}
        </kbd>
      ) : null}
    </AriaSearchField>
  );
}
