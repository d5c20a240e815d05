// Buttons: with words, or with an icon and a label for screen readers.
import type { LucideIcon } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  VisuallyHidden,
} from 'react-aria-components';
import styles from './button.module.css';
import { cx } from './cx.ts';
import { Spinner } from './spinner.tsx';
import { Tooltip } from './tooltip.tsx';

type Variant = 'primary' | 'secondary' | 'quiet' | 'danger';
type Size = 's' | 'm' | 'l';

interface Common extends Omit<AriaButtonProps, 'children' | 'className' | 'style' | 'isPending'> {
  variant?: Variant | undefined;
  size?: Size | undefined;
  /** Work is under way: shown, and pressing again does nothing. */
  busy?: boolean | undefined;
  ref?: Ref<HTMLButtonElement>;
}

export interface ButtonProps extends Common {
  icon?: LucideIcon | undefined;
  children: ReactNode;
}

export function Button({
  variant = 'secondary',
  size = 'm',
  busy = false,
  icon: Icon,
  children,
  ...props
}: ButtonProps) {
  return (
    <AriaButton
      {...props}
      {...(busy ? idle : {})}
      className={cx(styles.button, styles[variant], styles[size])}
    >
      {busy ? <Spinner /> : Icon ? <Icon aria-hidden className={styles.icon} /> : null}
      <span className={styles.words}>{children}</span>
      {busy ? <VisuallyHidden>, under way</VisuallyHidden> : null}
    </AriaButton>
  );
}

/**
 * What a busy button does when it is pressed. Not the kit's `isPending`: that leaves an announcement behind which names
 * an element that is gone when the work is quick. Not disabled either: the focus would be lost.
 */
const idle = { onPress: () => {} };

export interface IconButtonProps extends Common {
  icon: LucideIcon;
  /** Read out, and shown as the tooltip. */
  label: string;
  /** Shown in the tooltip, such as `Ctrl+F`. */
  shortcut?: string | undefined;
}

export function IconButton({
  variant = 'quiet',
  size = 'm',
  busy = false,
  icon: Icon,
  label,
  shortcut,
  ...props
}: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <AriaButton
        {...props}
        {...(busy ? idle : {})}
        aria-label={busy ? `${label}, under way` : label}
        className={cx(styles.button, styles.square, styles[variant], styles[size])}
      >
        {busy ? <Spinner /> : <Icon aria-hidden className={styles.icon} />}
      </AriaButton>
    </Tooltip>
  );
}
